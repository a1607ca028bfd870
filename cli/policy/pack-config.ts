import { existsSync, readFileSync } from "node:fs";
import type { ErrorBudgetSettings } from "../../components/error-budget/model.ts";
import { DEFAULT_NAMESPACES, namespacesOf } from "../../components/workloads/model.ts";
import type { Level, PackConfig } from "./judgement.ts";

/** What of an environment its policies are configured with. */
interface Configured {
  readonly tier: string;
  readonly namespaces?: Parameters<typeof namespacesOf>[0]["namespaces"];
  readonly errorBudget?: ErrorBudgetSettings | undefined;
}

/** The policies whose setting `privilegedNamespaces` names the namespace of node-exporter. */
const ABOUT_NODE_NAMESPACE = ["restricted-pods", "namespace-pod-security"] as const;
const ERROR_BUDGET = "error-budget";

/**
 * The same file that `pulumi up --policy-pack-config` is given: that of the tier, with the environment's own namespace of node-exporter and
 * its error-budget policy, if it has them. The preview writes the latter as policy-config.json. `folder` is that of the pack.
 */
export function packConfig(folder: string, environment: Configured): PackConfig {
  const file = `${folder}/config/${environment.tier}.json`;
  const levels = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Level>) : {};
  return { ...levels, ...nodeSettings(environment, levels), ...budgetSettings(environment, levels) };
}

/** The configuration without what asks a Prometheus: a preview is the same whoever runs it, and needs no network. */
export function withoutQuestions(config: PackConfig): PackConfig {
  const asking = config[ERROR_BUDGET];
  if (typeof asking !== "object") return config;
  const { url: _, ...rest } = asking;
  return { ...config, [ERROR_BUDGET]: rest };
}

function nodeSettings(environment: Configured, levels: Readonly<Record<string, Level>>): PackConfig {
  const { node } = namespacesOf(environment);
  if (node === DEFAULT_NAMESPACES.node) return {};
  return Object.fromEntries(
    ABOUT_NODE_NAMESPACE.map((policy) => [
      policy,
      { ...levelOf(levels, policy), privilegedNamespaces: [node] },
    ]),
  );
}

function budgetSettings({ errorBudget }: Configured, levels: Readonly<Record<string, Level>>): PackConfig {
  if (errorBudget === undefined) return {};
  const { freeze, openedBy, prometheusUrl, timeoutSeconds } = errorBudget;
  const url = prometheusUrl === undefined ? {} : { url: prometheusUrl };
  const settings = { ...levelOf(levels, ERROR_BUDGET), freeze, openedBy, ...url, seconds: timeoutSeconds };
  return { [ERROR_BUDGET]: settings };
}

function levelOf(levels: Readonly<Record<string, Level>>, policy: string) {
  const enforcementLevel = levels[policy];
  return enforcementLevel === undefined ? {} : { enforcementLevel };
}
