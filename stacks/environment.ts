import { z } from "zod";
import { type AlertmanagerSettings, alertmanagerSettings } from "../components/alertmanager/model.ts";
import { alertsSettings } from "../components/alerts/model.ts";
import { clusterSettings } from "../components/cluster/model.ts";
import { choice, dnsLabel, text } from "../components/core/schema.ts";
import { errorBudgetSettings } from "../components/error-budget/model.ts";
import { grafanaSettings } from "../components/grafana/model.ts";
import { imageSettings } from "../components/images/model.ts";
import { networkSettings } from "../components/network/model.ts";
import { prometheusSettings } from "../components/prometheus/model.ts";
import { namespaceSettings } from "../components/workloads/model.ts";

export const TIERS = ["production", "staging", "development", "local"] as const;
export type Tier = (typeof TIERS)[number];

/** One environment, complete: what the tier's defaults and the stack's file give together. */
export const environmentSchema = z.strictObject({
  name: dnsLabel().meta({ description: "Name of the environment and of the Pulumi stack." }),
  tier: choice(TIERS).meta({
    description: "Tier of the environment. Sets the defaults of the other fields.",
  }),
  owner: dnsLabel().meta({
    description: "Team that is notified of the platform's alerts. One of alertmanager.teams.",
  }),
  aws: z
    .strictObject({
      accountId: text(/^\d{12}$/, "an AWS account id: twelve digits, in quotes").meta({
        description: "The only AWS account in which the program may create resources.",
      }),
      region: text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-central-1"),
      keys: choice(["aws", "own"]).default("aws").meta({
        description:
          "Whose KMS keys encrypt volumes, long-term storage and the topics of the heartbeat's alarm. aws: those of AWS, which cost nothing. own: keys that are created here. Logs and the Secrets of Kubernetes always have keys of their own.",
      }),
    })
    .optional()
    .meta({
      description:
        "AWS account and region of the cluster. Required for an EKS cluster and for Amazon Managed Grafana.",
    }),
  network: networkSettings
    .optional()
    .meta({ description: "The VPC of an EKS cluster. Required for an EKS cluster only." }),
  cluster: clusterSettings.meta({ description: "A new EKS cluster, or an existing one." }),
  namespaces: namespaceSettings.optional().meta({
    description:
      "The namespaces that the platform creates. Names that are not taken yet; other names on a platform that is deployed replace both namespaces. Default: monitoring and monitoring-node.",
  }),
  images: imageSettings.optional().meta({
    description:
      "Where the images are pulled from. Default: the registries in which their projects publish them.",
  }),
  prometheus: prometheusSettings.meta({ description: "Prometheus, its operator and the exporters." }),
  alertmanager: alertmanagerSettings.meta({
    description: "Alertmanager, receivers and the routes of the teams.",
  }),
  alerts: alertsSettings.meta({ description: "Settings of the alert catalogue." }),
  errorBudget: errorBudgetSettings.optional().meta({
    description:
      "The error-budget policy: what waits while the error budget of a service is spent, and who may open it. Default: nothing waits.",
  }),
  grafana: grafanaSettings.meta({ description: "The Grafana that shows the dashboards." }),
});

export type Environment = z.output<typeof environmentSchema> & {
  readonly alertmanager: AlertmanagerSettings;
};
