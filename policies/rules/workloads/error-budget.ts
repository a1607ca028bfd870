import type { ErrorBudgets, SpentBudget } from "../error-budgets.ts";
import { containerName, containers, podLabels, TEMPLATE_TYPES } from "../pods.ts";
import { PRODUCTION, type ResourcePolicy } from "../policy.ts";
import { objectNamespace, type ResourceView } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge, judgeEach, type Violation } from "../violation.ts";

const SETTINGS = {
  freeze: {
    type: "string",
    default: "",
    description:
      "What waits while the error budget of a service is spent: `releases` (a container with an image that does not run yet) or `workloads` (every workload of the service). Empty: nothing is asked.",
  },
  openedBy: {
    type: "strings",
    default: [],
    description: "The owners whose waivers let a change through. Empty: any owner's.",
  },
  url: {
    type: "string",
    default: "",
    description:
      "The URL of a Prometheus with the budgets and with kube-state-metrics. A token is read from the variable `PROMETHEUS_TOKEN`. Empty: not asked.",
  },
  seconds: { type: "number", default: 5, description: "How long an answer may take, from 1 to 30 seconds." },
  query: {
    type: "string",
    default: "slo:error_budget_spent:ratio",
    description: "The share of the error budget that is spent, a series for each objective; 1 is all of it.",
  },
  serviceLabel: {
    type: "string",
    default: "service",
    description: "The label of these series with the name of the service.",
  },
  workloadLabel: {
    type: "string",
    default: "app.kubernetes.io/name",
    description: "The label of pods with the name of the service.",
  },
} as const;

/**
 * A policy sees no difference between what is deployed and what will be. What runs is read from the same Prometheus as the budget: an image
 * that no container in the namespace runs is a release (docs/decisions/0018).
 */
export const errorBudget: ResourcePolicy = {
  id: "error-budget",
  area: "workloads",
  pack: "reliability",
  standards: ["SRE Workbook: Example Error Budget Policy"],
  scope: "resource",
  title:
    "A service whose error budget is spent gets no release, if the environment has an error-budget policy.",
  why: "Most outages follow a change. While the objective is missed, users are served better by a fix than by the next release.",
  fix: "wait until the budget recovers, or for a fix that cannot wait, ask an owner that the error-budget policy names for a waiver of error-budget",
  severity: "high",
  levels: PRODUCTION,
  types: TEMPLATE_TYPES,
  settings: SETTINGS,
  asks: "error budgets",
  openedBy: (context) => settingsOf(SETTINGS, context).openedBy,
  check: (resource, context) => {
    const { freeze, workloadLabel } = settingsOf(SETTINGS, context);
    if (freeze === "") return [];
    const budgets: ErrorBudgets = context.budgets ?? { state: "not asked" };
    if (budgets.state === "not asked")
      return [
        notKnown("Whether an error budget is spent was not asked: this run has no URL of a Prometheus"),
      ];
    if (budgets.state === "unreachable")
      return [notKnown(`Whether an error budget is spent is not known: ${budgets.why}`)];
    return judge(() => {
      const service = podLabels(resource)[workloadLabel];
      const spent = budgets.spent.filter((each) => each.service === service);
      if (spent.length === 0) return [];
      if (freeze === "workloads")
        return [`${inWords(spent)}, and the error-budget policy freezes its workloads`];
      return releases(resource, spent, budgets.running);
    }, resource);
  },
};

function releases(
  resource: ResourceView,
  spent: readonly SpentBudget[],
  running: ReadonlySet<string> | undefined,
): readonly Violation[] {
  if (running === undefined)
    return [
      notKnown(
        `${inWords(spent)}, but whether this is a release is not known: Prometheus has no kube_pod_container_info`,
      ),
    ];
  const namespace = objectNamespace(resource);
  return judgeEach(containers(resource), (container) => {
    const image = container.at("image").text();
    if (image === undefined || running.has(`${namespace}/${image}`)) return undefined;
    return `${inWords(spent)}, and ${containerName(container)} has an image that does not run in ${namespace} yet`;
  });
}

function notKnown(what: string): Violation {
  return { what, undecided: "not visible" };
}

function inWords(spent: readonly SpentBudget[]): string {
  const [first] = spent;
  const of = spent.map(
    ({ objective, share }) => `${objective === undefined ? "" : `${objective} `}${Math.floor(share * 100)}%`,
  );
  return `the error budget of ${first?.service} is spent (${of.join(", ")})`;
}
