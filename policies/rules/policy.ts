import type { Exclusion } from "../../components/grafana/lint/exclusions.ts";
import type { Snooze } from "../../components/lint/snooze.ts";
import type { ErrorBudgets } from "./error-budgets.ts";
import type { Remedy } from "./remedy.ts";
import type { ResourceView, StackResource } from "./resource.ts";
import type { Settings } from "./settings.ts";
import type { Violation } from "./violation.ts";

/** The tiers of stacks/environment.ts, which policies must not import; a test holds the two lists equal. */
export const TIERS = ["production", "staging", "development", "local"] as const;
export type Tier = (typeof TIERS)[number];

/** mandatory: the deployment is refused. advisory: it is told. disabled: it is not looked at. */
export type Level = "mandatory" | "advisory" | "disabled";

export const AREAS = ["workloads", "cluster", "network", "access", "alerting", "stack"] as const;
type Area = (typeof AREAS)[number];

/** What a policy is for. Every policy belongs to one of them. */
type PackName = "reliability" | "security" | "observability";

/** What policies need to know that no resource says. */
export interface Context {
  /** The day on which the stack is judged, `YYYY-MM-DD`. An input, so that yesterday's result can be had again. */
  readonly today: string;
  /** The linter's findings that somebody answers for; none where left out. */
  readonly snoozes?: readonly Snooze[];
  /** The findings on dashboards that an owner is responsible for. Default: none. */
  readonly exclusions?: readonly Exclusion[];
  /** What Prometheus says of error budgets, to a policy that asks for them. Default: not asked. */
  readonly budgets?: ErrorBudgets;
  /** What a pack's configuration sets for the policy that is asked; the defaults of its settings where left out. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface PolicyFacts {
  /** Kebab-case; the name in reports, configuration, waivers and the anchor of its row in docs/how-to/policies.md. */
  readonly id: string;
  readonly area: Area;
  readonly pack: PackName;
  /** The rule in one sentence, as it should be. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  /** What to do about a violation, as an imperative sentence without its full stop. */
  readonly fix: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** The controls that ask for it, such as `CIS EKS 5.4.1`; the known ones stand in standards.ts. None where nobody asks for it yet. */
  readonly standards: readonly string[];
  /** What a pack's configuration may set, by name. Default: nothing. */
  readonly settings?: Settings;
  /** How strictly each tier is held to it. */
  readonly levels: Readonly<Record<Tier, Level>>;
}

/** A policy that judges a resource on its own, before it is created. */
export interface ResourcePolicy extends PolicyFacts {
  readonly scope: "resource";
  /** The type tokens it looks at; every resource where left out. */
  readonly types?: readonly string[];
  /** Set where the check needs the answer of a Prometheus, which the pack asks with the policy's settings. */
  readonly asks?: "error budgets";
  /** The owners whose waivers are valid for it; none is every owner. Default: every owner. */
  readonly openedBy?: (context: Context) => readonly string[];
  readonly check: (resource: ResourceView, context: Context) => Violation[];
  /** What it sets at the level `remediate`: fields that are left out and that are safe to set. Default: nothing. */
  readonly remedies?: (resource: ResourceView, context: Context) => readonly Remedy[];
}

/** A policy that judges the resources of a stack together, once all are known. */
export interface StackPolicy extends PolicyFacts {
  readonly scope: "stack";
  readonly check: (resources: readonly StackResource[], context: Context) => Violation[];
}

export type Policy = ResourcePolicy | StackPolicy;

/** What is wrong anywhere. */
export const ALWAYS = {
  production: "mandatory",
  staging: "mandatory",
  development: "mandatory",
  local: "mandatory",
} as const;

/** What is wrong wherever others rely on the cluster, and on a laptop merely worth knowing. */
export const SHARED = {
  production: "mandatory",
  staging: "mandatory",
  development: "mandatory",
  local: "advisory",
} as const;

/** What a reviewer should see and what stops no alert. */
export const ADVISED = {
  production: "advisory",
  staging: "advisory",
  development: "advisory",
  local: "advisory",
} as const;

/** What costs nodes or money: production needs it, and staging is the same so that production holds no surprise. */
export const FROM_STAGING = {
  production: "mandatory",
  staging: "mandatory",
  development: "disabled",
  local: "disabled",
} as const;

/** What would only be in the way where an environment may be thrown away. */
export const PRODUCTION = {
  production: "mandatory",
  staging: "disabled",
  development: "disabled",
  local: "disabled",
} as const;
