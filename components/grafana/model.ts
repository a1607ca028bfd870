import { z } from "zod";
import { byteQuantity, httpsUrl, integer, secretName } from "../core/schema.ts";

/** A Grafana of our own on the cluster; dashboards reach it as ConfigMaps. */
const inCluster = z.strictObject({
  kind: z.literal("in-cluster"),
  volume: byteQuantity().default("10Gi").meta({ description: "Volume of Grafana's database." }),
  adminPasswordSecret: secretName().meta({
    secret: true,
    description: "Secret: the password of the user admin.",
  }),
  externalUrl: httpsUrl()
    .optional()
    .meta({ description: "Where people reach Grafana, for links in alerts." }),
});

/** A Grafana that exists; dashboards, folders and data sources reach it through its API. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  url: httpsUrl().meta({ description: "Its root URL." }),
  tokenSecret: secretName().meta({
    secret: true,
    description: "Secret: a service-account token with the Admin role.",
  }),
  orgId: integer(1, 1_000_000)
    .default(1)
    .meta({ description: "The organisation that the dashboards belong to." }),
  prometheusUrl: httpsUrl().meta({
    description: "Where that Grafana reaches this environment's Prometheus.",
  }),
  alertmanagerUrl: httpsUrl().meta({
    description: "Where that Grafana reaches this environment's Alertmanager.",
  }),
});

// Amazon Managed Grafana takes its place here, as kind "amazon-managed", when its workspace and token rotation exist.
export const grafanaSettings = z.discriminatedUnion("kind", [inCluster, existing]);

export type GrafanaSettings = z.output<typeof grafanaSettings>;
export type InClusterGrafanaSettings = z.output<typeof inCluster>;
export type ExistingGrafanaSettings = z.output<typeof existing>;
