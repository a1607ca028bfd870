import type { ErrorBudgets } from "../../policies/rules/error-budgets.ts";
import type { StackResource } from "../../policies/rules/resource.ts";
import { Value } from "../../policies/rules/value.ts";
import { urnOf } from "./compliant-stack/fixture.ts";

// What error-budget says of a Deployment with each answer of a Prometheus.

export interface BudgetCase {
  readonly when: string;
  readonly budgets: ErrorBudgets | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly resource: StackResource;
  /** All that is said, or nothing. */
  readonly says: string | undefined;
  /** Whether it says that nothing was judged. */
  readonly undecided?: "not visible";
}

const RUNS = "registry.example.com/shop:1.4.0";
const NEXT = "registry.example.com/shop:1.5.0";

/** The Deployment of a service, with its images, in the namespace shop. */
function deployment(service: string, ...images: readonly (string | undefined)[]): StackResource {
  const type = "kubernetes:apps/v1:Deployment";
  const containers = images.map((image, index) => ({ name: `c${index}`, ...(image && { image }) }));
  const template = { metadata: { labels: { "app.kubernetes.io/name": service } }, spec: { containers } };
  const properties = new Value({ metadata: { namespace: "shop" }, spec: { template } });
  return { type, name: service, urn: urnOf(type, service), protect: false, properties, sources: {} };
}

const SPENT: ErrorBudgets = {
  state: "known",
  spent: [{ service: "storefront", objective: "availability", share: 1.32 }],
  running: new Set([`shop/${RUNS}`]),
};
const spent = "the error budget of storefront is spent (availability 132%), and";

export const BUDGET_CASES: readonly BudgetCase[] = [
  {
    when: "nothing is frozen",
    budgets: SPENT,
    settings: {},
    resource: deployment("storefront", NEXT),
    says: undefined,
  },
  {
    when: "nothing was asked",
    budgets: undefined,
    settings: { freeze: "releases" },
    resource: deployment("storefront", NEXT),
    says: "Whether an error budget is spent was not asked: this run has no URL of a Prometheus",
    undecided: "not visible",
  },
  {
    when: "Prometheus does not answer",
    budgets: { state: "unreachable", why: "it answers 503" },
    settings: { freeze: "releases" },
    resource: deployment("storefront", NEXT),
    says: "Whether an error budget is spent is not known: it answers 503",
    undecided: "not visible",
  },
  {
    when: "the budget of another service is spent",
    budgets: SPENT,
    settings: { freeze: "workloads" },
    resource: deployment("pricing", NEXT),
    says: undefined,
  },
  {
    when: "workloads are frozen",
    budgets: SPENT,
    settings: { freeze: "workloads" },
    resource: deployment("storefront", RUNS),
    says: `${spent} the error-budget policy freezes its workloads`,
  },
  {
    when: "one of two images is new",
    budgets: SPENT,
    settings: { freeze: "releases" },
    resource: deployment("storefront", RUNS, NEXT),
    says: `${spent} container c1 has an image that does not run in shop yet`,
  },
  {
    when: "all images run already",
    budgets: SPENT,
    settings: { freeze: "releases" },
    resource: deployment("storefront", RUNS),
    says: undefined,
  },
  {
    when: "an admission webhook sets the image of a container",
    budgets: SPENT,
    settings: { freeze: "releases" },
    resource: deployment("storefront", RUNS, undefined),
    says: undefined,
  },
  {
    when: "Prometheus does not say which images run",
    budgets: {
      state: "known",
      spent: [{ service: "storefront", objective: undefined, share: 1 }],
      running: undefined,
    },
    settings: { freeze: "releases" },
    resource: deployment("storefront", NEXT),
    says: "the error budget of storefront is spent (100%), but whether this is a release is not known: Prometheus has no kube_pod_container_info",
    undecided: "not visible",
  },
];
