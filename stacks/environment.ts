import { z } from "zod";
import { alertmanagerSettings } from "../components/alertmanager/model.ts";
import { alertsSettings } from "../components/alerts/model.ts";
import { clusterSettings } from "../components/cluster/model.ts";
import { choice, dnsLabel, text } from "../components/core/schema.ts";
import { grafanaSettings } from "../components/grafana/model.ts";
import { networkSettings } from "../components/network/model.ts";
import { prometheusSettings } from "../components/prometheus/model.ts";

export const TIERS = ["production", "staging", "development", "local"] as const;
export type Tier = (typeof TIERS)[number];

/** One environment, complete: what the tier's defaults and the stack's file give together. */
export const environmentSchema = z.strictObject({
  name: dnsLabel().meta({ description: "The environment's name; equal to the stack's." }),
  tier: choice(TIERS).meta({ description: "Sets every default below." }),
  owner: dnsLabel().meta({
    description: "The team that owns the platform's own alerts. One of alertmanager.teams.",
  }),
  aws: z
    .strictObject({
      accountId: text(/^\d{12}$/, "an AWS account id: twelve digits, in quotes").meta({
        description: "The only account that the program may touch.",
      }),
      region: text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-central-1"),
    })
    .optional()
    .meta({ description: "Where the cluster is built. Needed for an EKS cluster, and for nothing else." }),
  network: networkSettings
    .optional()
    .meta({ description: "The VPC. Needed for an EKS cluster, and for nothing else." }),
  cluster: clusterSettings.meta({ description: "A new EKS cluster, or an existing one." }),
  prometheus: prometheusSettings.meta({ description: "Prometheus, its operator and the exporters." }),
  alertmanager: alertmanagerSettings.meta({ description: "Alertmanager, receivers and the teams' routes." }),
  alerts: alertsSettings.meta({ description: "The alert catalogue's parameters." }),
  grafana: grafanaSettings.meta({ description: "Which Grafana shows the dashboards." }),
});

export type Environment = z.output<typeof environmentSchema>;
