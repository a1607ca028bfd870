import { z } from "zod";
import type { Duration } from "../core/duration.ts";
import type { Problem } from "../core/problems.ts";
import { choice, integer, secretName, text, toggle, webUrl } from "../core/schema.ts";
import type { NamedSecret } from "../core/secrets.ts";
import { thanosProblems, thanosSecrets, thanosSettings } from "../thanos/model.ts";

const series = () =>
  choice(["recorded", "all"]).default("recorded").meta({
    description:
      "recorded: the results of recording rules, ALERTS and up. all: every sample, at about a hundred times the price.",
  });

/** How Prometheus authenticates to an endpoint. */
const authentication = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("basic"),
    username: text(/^[!-9;-~]{1,200}$/, "1 to 200 ASCII characters without spaces and colons").meta({
      description: "User name; of Grafana Cloud the number of the instance.",
    }),
    passwordSecret: secretName().meta({ description: "Secret: the password or token." }),
  }),
  z.strictObject({
    kind: z.literal("bearer"),
    tokenSecret: secretName().meta({ description: "Secret: the bearer token." }),
  }),
]);

/** Where samples are kept beside Prometheus' own volumes. */
export const storeSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("amp"),
    series: series(),
    retentionDays: integer(1, 1095).default(395).meta({
      description:
        "Retention of the workspace in days. With 13 months you can compare a month with the same month of the last year.",
    }),
  }),
  z.strictObject({
    kind: z.literal("endpoint"),
    url: webUrl().meta({
      description:
        "URL of the endpoint for remote write: of Mimir and Cortex …/api/v1/push, of Thanos Receive …/api/v1/receive, of VictoriaMetrics …/api/v1/write, of Prometheus …/api/v1/write.",
    }),
    series: series(),
    authentication: authentication.optional().meta({
      description: "How Prometheus authenticates. Default: not at all.",
    }),
    tenant: text(/^[A-Za-z0-9._:/-]{1,150}$/, "1 to 150 letters, digits and . _ : / -")
      .optional()
      .meta({ description: "Tenant, sent in the header of tenantHeader. Default: none is sent." }),
    tenantHeader: choice(["X-Scope-OrgID", "THANOS-TENANT"])
      .default("X-Scope-OrgID")
      .meta({ description: "X-Scope-OrgID for Mimir and Cortex, THANOS-TENANT for Thanos Receive." }),
    replicaLabel: toggle().default(true).meta({
      description:
        "Whether samples say which replica sent them, in the label __replica__. true for stores that keep one of both by this label: Mimir, Cortex, Grafana Cloud, Thanos (--query.replica-label). false for VictoriaMetrics with -dedup.minScrapeInterval, which keeps one of two samples of the same series.",
    }),
    nativeHistograms: toggle().default(false).meta({
      description:
        "Whether native histograms are sent. The store must accept them: Mimir and Cortex have a switch, VictoriaMetrics stores them in a form that PromQL's functions do not read.",
    }),
  }),
  thanosSettings,
]);

export type StoreSettings = z.output<typeof storeSettings>;

/** Where samples are sent, of a text or of one that only exists later. */
export interface RemoteWriteTarget<Text> {
  readonly url: Text;
  /** The region that requests are signed for. */
  readonly region: string;
}

/** The stores that samples are sent to by remote write. */
export type RemoteWriteSettings = Extract<StoreSettings, { readonly kind: "amp" | "endpoint" }>;

/** Whether samples are sent by remote write. */
export function isRemoteWrite(settings: StoreSettings): settings is RemoteWriteSettings {
  return settings.kind === "amp" || settings.kind === "endpoint";
}

/** The secrets that a store needs. `path` is that of the settings. */
export function storeSecrets(settings: StoreSettings, path: string): readonly NamedSecret[] {
  if (settings.kind === "thanos") return thanosSecrets(settings, path);
  if (settings.kind !== "endpoint" || settings.authentication === undefined) return [];
  const { authentication: chosen } = settings;
  return chosen.kind === "basic"
    ? [{ name: chosen.passwordSecret, path: `${path}.authentication.passwordSecret` }]
    : [{ name: chosen.tokenSecret, path: `${path}.authentication.tokenSecret` }];
}

/** The namespace of an endpoint on the cluster, by the name of its Service: `<service>.<namespace>.svc…`. Undefined for every other one. */
export function namespaceOfEndpoint(url: string): string | undefined {
  return /^[^.]+\.([^.]+)\.svc(?:\.|$)/.exec(new URL(url).hostname)?.[1];
}

/** What of a store does not agree. `retention` is that of Prometheus, and stands beside the store. */
export function storeProblems(
  settings: StoreSettings,
  retention: Duration,
  path: string,
  pathOfRetention: string,
): readonly Problem[] {
  if (settings.kind === "thanos") return thanosProblems(settings, retention, path, pathOfRetention);
  if (settings.kind !== "endpoint" || settings.authentication === undefined) return [];
  if (settings.url.startsWith("https:") || namespaceOfEndpoint(settings.url) !== undefined) return [];
  return [
    {
      path: `${path}.url`,
      found: "http, with authentication",
      allowed: "https, because http shows the secret to the network; or a Service of the cluster",
      fix: "write https",
    },
  ];
}
