import { z } from "zod";
import { choice, dnsLabel, list, named, text, toggle } from "../core/schema.ts";
import { dashboardFiles } from "./dashboards/definition.ts";
import { objectives } from "./objectives.ts";
import { ownAlerts, ownAlertsThere } from "./own-alerts/definition.ts";
import { batchPreset, grpcPreset, httpPreset, probePreset, workerPreset } from "./presets.ts";
import { ruleFiles } from "./rule-files/definition.ts";
import { scrapeSettings } from "./scrape.ts";

/** How much a failure of the service matters; sets its default objective. */
export const SERVICE_TIERS = ["critical", "standard", "best-effort"] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Where the metrics of a service come from: everywhere, or in an environment. */
const presets = {
  http: httpPreset.optional().meta({ description: "Metrics of an HTTP server." }),
  grpc: grpcPreset.optional().meta({ description: "Metrics of a gRPC server." }),
  worker: workerPreset.optional().meta({
    description: "Metrics of a worker that processes messages or jobs.",
  }),
  batch: batchPreset.optional().meta({ description: "A batch job and the source of its last success." }),
  probe: probePreset.optional().meta({ description: "Probes of the service by the blackbox exporter." }),
};

const scrape = () =>
  scrapeSettings.optional().meta({
    description:
      "How Prometheus gets the metrics of the service, where that is not a port of the Kubernetes Service with its name. Needed by a service that has only objectives.custom and is scraped.",
  });

export const serviceSchema = z.strictObject({
  name: dnsLabel().meta({
    description: "Name of the service: value of the label `service`, unique in an environment.",
  }),
  formerly: list(dnsLabel(), 0, 5).default([]).meta({
    description:
      "Names that the service had before. Its error budgets continue, because the rules read the records of these names, too.",
  }),
  owner: dnsLabel().meta({ description: "The team that is notified. One of alertmanager.teams." }),
  tier: choice(SERVICE_TIERS).meta({
    description: "Importance of the service. Sets the default of each objective.",
  }),
  description: text(/^\S[^\n]{4,199}$/, "one line of 5 to 200 characters that says what the service does"),
  namespace: dnsLabel().meta({ description: "The namespace that the service runs in." }),
  ...presets,
  page: toggle().optional().meta({
    description:
      "false: no alert of the platform about this service pages; it opens a ticket. An objective can differ. Alerts of your own have their severity. Default: whether alertmanager.pages of the environment lists the tier.",
  }),
  scrape: scrape(),
  objectives: objectives.prefault({}).meta({ description: "Objectives of the service." }),
  alerts: ownAlerts().prefault({}).meta({
    description: "Alerts with your own queries, by name. They are routed to the owner.",
  }),
  rules: ruleFiles().default([]).meta({
    description:
      "Rule files of Prometheus, or PrometheusRules, by path from the file of the definition. Their alerts get the labels of the service, and are marked as unproven.",
  }),
  dashboards: dashboardFiles().default([]).meta({
    description:
      "Dashboards as Grafana exports them, by path from the file of the definition. They are in the folder of the team, and their queries go to the platform's Prometheus.",
  }),
  only: list(dnsLabel(), 1, 100).readonly().optional().meta({
    description: "The environments that the service runs in. Default: all. Not together with except.",
  }),
  except: list(dnsLabel(), 1, 100).readonly().optional().meta({
    description: "The environments that the service does not run in. Default: none.",
  }),
  environments: named(
    dnsLabel(),
    z.strictObject({
      enabled: toggle()
        .default(true)
        .meta({ description: "Whether the service is monitored in this environment." }),
      page: toggle().optional().meta({ description: "Whether alerts page in this environment." }),
      ...presets,
      scrape: scrape(),
      objectives: objectives
        .prefault({})
        .meta({ description: "Objectives that differ in this environment." }),
      alerts: ownAlertsThere().prefault({}).meta({
        description: "Alerts that differ in this environment. off: the alert does not exist there.",
      }),
    }),
  )
    .prefault({})
    .meta({
      description:
        "Overrides per environment, by the name of the environment. A source of metrics, scrape, an objective or an alert replaces that of the definition as a whole.",
    }),
});

/** What a team writes. */
export type ServiceDefinition = z.input<typeof serviceSchema>;
/** A service, checked and with every default filled in. */
export type Service = Readonly<z.output<typeof serviceSchema>>;
