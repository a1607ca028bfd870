import { RUNBOOKS } from "../components/core/runbooks.ts";
import type { Tier } from "./environment.ts";

/** A tree of defaults: whatever an environment of a tier does not say itself. */
export type Defaults = { readonly [key: string]: unknown };

// An EKS cluster and its network, as production wants them; the cheaper tiers say what they give up.
// No tier has an interface endpoint by default: it is cheaper than a NAT gateway from 209 GB a month and zone on. docs/how-to/networks.md
// has the sum.
const network = { natGateways: "per-zone", flowLogs: true, flowLogRetentionDays: 90 };
const cluster = {
  kind: "eks",
  endpoint: { access: "private" },
  serviceCidr: "172.20.0.0/16",
  // AWS's EKS best-practices guide asks for all five in production.
  logs: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  logRetentionDays: 90,
  support: "standard",
  deletionProtection: true,
  nodeGroups: { general: { instanceTypes: ["m7i.xlarge"], minPerZone: 1, maxPerZone: 4 } },
};

// How Prometheus is sized: docs/how-to/size-prometheus.md.
const prometheus = {
  crds: "chart",
  replicas: 2,
  scrapeInterval: "30s",
  // In every tier: the error budget of an SLO looks back over its whole period, and beyond the retention it finds nothing.
  retention: "30d",
  volume: "200Gi",
  activeSeries: 500_000,
  resources: { cpu: "1", memory: "8Gi" },
  // In no tier by default: it is billed by the sample. docs/how-to/keep-samples.md has the sum.
  store: { kind: "none" },
};
const alertmanager = {
  replicas: 3,
  retention: "5d",
  volume: "5Gi",
  // docs/decisions/0021-which-tiers-page.md
  pages: ["critical", "standard", "best-effort"],
  heartbeat: { interval: "1m" },
};
const alerts = { runbookBaseUrl: RUNBOOKS, overrides: {} };
const grafana = { kind: "in-cluster", volume: "20Gi", alerting: {} };

/** What each tier sets. A stack's file overrides any of it, field by field. */
export const TIER_DEFAULTS: Readonly<Record<Tier, Defaults>> = {
  production: { network, cluster, prometheus, alertmanager, alerts, grafana },
  staging: {
    network: { ...network, flowLogRetentionDays: 30 },
    cluster: {
      ...cluster,
      logRetentionDays: 30,
      deletionProtection: false,
      nodeGroups: { general: { instanceTypes: ["m7i.large"], minPerZone: 1, maxPerZone: 3 } },
    },
    // The same replicas as production, so that what production does has been done before; less of everything that costs.
    prometheus: {
      ...prometheus,
      volume: "60Gi",
      activeSeries: 250_000,
      resources: { cpu: "500m", memory: "4Gi" },
    },
    alertmanager: { ...alertmanager, pages: [] },
    alerts,
    grafana: { ...grafana, volume: "10Gi" },
  },
  development: {
    network: { ...network, natGateways: "single", flowLogs: false, flowLogRetentionDays: 7 },
    cluster: {
      ...cluster,
      logs: ["audit", "authenticator"],
      logRetentionDays: 7,
      deletionProtection: false,
      nodeGroups: { general: { instanceTypes: ["t3.large"], minPerZone: 1, maxPerZone: 2 } },
    },
    prometheus: {
      ...prometheus,
      replicas: 1,
      volume: "40Gi",
      activeSeries: 150_000,
      resources: { cpu: "250m", memory: "3Gi" },
    },
    alertmanager: { ...alertmanager, replicas: 1, volume: "2Gi", pages: [], heartbeat: { interval: "5m" } },
    alerts,
    grafana: { ...grafana, volume: "5Gi" },
  },
  local: {
    cluster: { kind: "existing" },
    prometheus: {
      ...prometheus,
      replicas: 1,
      volume: "15Gi",
      activeSeries: 50_000,
      resources: { cpu: "100m", memory: "1Gi" },
    },
    alertmanager: { ...alertmanager, replicas: 1, volume: "1Gi", heartbeat: { interval: "5m" } },
    alerts,
    grafana: { ...grafana, volume: "2Gi" },
  },
};

/**
 * The defaults of a tier for an environment. A cluster that exists has its network already, so there is none to make; EKS Auto Mode has no
 * node groups.
 */
export function defaultsOf(tier: Tier, given: unknown): Defaults {
  const defaults = TIER_DEFAULTS[tier];
  const { kind, autoscaler } = isMap(given) && isMap(given["cluster"]) ? given["cluster"] : {};
  if (kind === "existing") {
    const { network: _, ...rest } = defaults;
    return rest;
  }
  if (!isMap(autoscaler) || autoscaler["kind"] !== "auto-mode") return defaults;
  const { cluster } = defaults;
  if (!isMap(cluster)) return defaults;
  const { nodeGroups: _, ...withoutNodes } = cluster;
  return { ...defaults, cluster: withoutNodes };
}

/**
 * The defaults with what the environment says laid over them. Maps merge key by key; a list or a value replaces; so does a
 * map whose `kind` or `access` differs from the default's, because it is another thing altogether.
 */
export function withDefaults(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return defaults;
  if (!isMap(defaults) || !isMap(given)) return given;
  if (isOtherThing(defaults, given)) return given;
  const keys = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...keys].map((key) => [key, withDefaults(defaults[key], given[key])]));
}

function isOtherThing(defaults: Defaults, given: Defaults): boolean {
  return ["kind", "access"].some((key) => key in defaults && key in given && defaults[key] !== given[key]);
}

function isMap(value: unknown): value is Defaults {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
