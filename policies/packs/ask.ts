import { policyPage } from "../rules/page.ts";
import type { Context, Level, Policy, ResourcePolicy, StackPolicy } from "../rules/policy.ts";
import type { ResourceView, StackResource } from "../rules/resource.ts";
import { judge, type Violation } from "../rules/violation.ts";
import { type Waiver, waiverState } from "../rules/waiver.ts";
import type { AskedBudgets } from "./error-budgets.ts";

// What a policy says of resources, as whoever asks it hands it on: Pulumi's server in a pack, or a preview in its own process.

/** What a pack is run with, beside the resources. */
export interface PackContext extends Context {
  readonly waivers: readonly Waiver[];
}

/** One thing that a policy says. */
export interface Report {
  /** What is wrong, the fix and a link: nothing else of a policy reaches the person who reads it. */
  readonly message: string;
  /** The resource that is meant. */
  readonly urn: string | undefined;
  /** Set where it is not that of the policy. */
  readonly enforcementLevel?: Level;
}

/** What the configuration of a pack sets for a policy, by name. */
type Given = Readonly<Record<string, unknown>>;

/** Asks a policy about one resource, of a type that it is for. A promise where it needs the answer of a Prometheus. */
export function askAboutResource(
  policy: ResourcePolicy,
  view: ResourceView,
  context: PackContext,
  asked: { readonly settings: () => Given; readonly budgets: AskedBudgets },
): readonly Report[] | Promise<readonly Report[]> {
  const settings = policy.settings && asked.settings();
  const ask = (answers: Pick<Context, "budgets">): readonly Report[] => {
    const whole = { ...context, ...(settings && { settings }), ...answers };
    const violations = judge(() => policy.check(view, whole));
    const said = policy.asks ? asked.budgets.saidOnce(view.urn, violations) : violations;
    return said.map((violation) => reportOf(policy, violation, whole, view.urn));
  };
  return policy.asks === undefined
    ? ask({})
    : asked.budgets.of(settings ?? {}).then((budgets) => ask({ budgets }));
}

/** Whether a policy is for resources of a type. */
export function isAbout({ types }: ResourcePolicy, type: string): boolean {
  return types === undefined || types.includes(type);
}

/** Asks a policy about all resources of a stack together. */
export function askAboutStack(
  policy: StackPolicy,
  views: readonly StackResource[],
  context: PackContext,
  settingsOf: () => Given,
): readonly Report[] {
  const settings = policy.settings && settingsOf();
  return judge(() => policy.check(views, { ...context, ...(settings && { settings }) })).map((violation) =>
    reportOf(policy, violation, context),
  );
}

function reportOf(policy: Policy, violation: Violation, context: PackContext, checkedUrn?: string): Report {
  const { waivers, today } = context;
  const urn = violation.urn ?? checkedUrn;
  if (violation.undecided)
    return { message: undecidedMessage(policy, violation), urn, enforcementLevel: "advisory" };
  const message = violationMessage(policy, violation);
  if (violation.snoozed) {
    const { expires, owner, reason } = violation.snoozed;
    const prefix = `[snoozed until ${expires} by ${owner}: ${reason}]`;
    return { message: `${prefix} ${message}`, urn, enforcementLevel: "advisory" };
  }
  const openedBy = policy.scope === "resource" ? (policy.openedBy?.(context) ?? []) : [];
  const waiver = waiverState(waivers, policy.id, urn, today, openedBy);
  return {
    message: waiver.state === "none" ? message : `${waiver.prefix} ${message}`,
    urn,
    ...(waiver.state === "waived" ? { enforcementLevel: "advisory" } : {}),
  };
}

function violationMessage(policy: Policy, { what }: Violation): string {
  return `${what}.\nFix: ${policy.fix}.\nSee: ${policyPage(policy.id)}`;
}

function undecidedMessage(policy: Policy, { what, undecided }: Violation): string {
  if (undecided === "not visible")
    return `[not judged] ${what}.\nRule: ${policy.title}\nSee: ${policyPage(policy.id)}`;
  return `[not judged yet] ${what}; pulumi up judges it then.\nRule: ${policy.title}\nSee: ${policyPage(policy.id)}`;
}
