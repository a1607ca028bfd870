import type { AlertOverride } from "../../../components/alerts/model.ts";
import type { AlertRulesArgs } from "../../../components/alerts/render.ts";

export const RUNBOOKS = "https://runbooks.example.com";
export const GRAFANA = { url: "https://grafana.example.com", environment: "prod" } as const;

/** The platform's alerts of a production cluster on EKS, with the given changes. */
export function productionArgs(
  overrides: Readonly<Record<string, AlertOverride>> = {},
  changes: Partial<AlertRulesArgs> = {},
): AlertRulesArgs {
  return {
    settings: { runbookBaseUrl: RUNBOOKS, overrides },
    owner: "platform",
    cluster: { distribution: "eks", store: "remote-write", autoscaler: "karpenter" },
    scrapeInterval: "30s",
    grafana: GRAFANA,
    namespace: "monitoring",
    ...changes,
  };
}
