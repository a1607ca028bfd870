import type {
  Policies,
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Context, Level, Policy, ResourcePolicy, StackPolicy } from "../rules/policy.ts";
import type { ResourceView, StackResource } from "../rules/resource.ts";
import { Value } from "../rules/value.ts";
import { judge, type Violation } from "../rules/violation.ts";
import { type Waiver, waiverState } from "../rules/waiver.ts";

/** Where the table of policies stands; its anchors are the policies' ids. */
const DOCUMENTATION = "docs/how-to/policies.md";

/** What the pack is run with, beside the resources. */
export interface PackContext extends Context {
  readonly waivers: readonly Waiver[];
}

/** Our policies as Pulumi's, with the levels of production, which a configuration may soften. */
export function pulumiPolicies(policies: readonly Policy[], context: PackContext): Policies {
  return policies.map((policy) =>
    policy.scope === "resource" ? resourceValidation(policy, context) : stackValidation(policy, context),
  );
}

function resourceValidation(policy: ResourcePolicy, context: PackContext): ResourceValidationPolicy {
  const types = policy.types && new Set(policy.types);
  const validateResource: ResourceValidation & { __pulumiType?: string } = (resource, report) => {
    if (types?.has(resource.type) === false) return;
    const view = resourceView(resource);
    deliver(
      policy,
      judge(() => policy.check(view, context)),
      context,
      report,
      resource.urn,
    );
  };
  // The server skips a function that carries its one type before it decodes the resource, and only then.
  const [onlyType, ...others] = policy.types ?? [];
  if (onlyType !== undefined && others.length === 0) validateResource.__pulumiType = onlyType;
  return { ...described(policy), validateResource };
}

function stackValidation(policy: StackPolicy, context: PackContext): StackValidationPolicy {
  return {
    ...described(policy),
    validateStack: ({ resources }, report) => {
      const views = resources.map(
        (resource): StackResource => ({
          ...resourceView(resource),
          dependencies: resource.dependencies.map(({ urn }) => urn),
          sources: Object.fromEntries(
            Object.entries(resource.propertyDependencies).map(([input, sources]) => [
              input,
              sources.map(({ urn }) => urn),
            ]),
          ),
        }),
      );
      deliver(
        policy,
        judge(() => policy.check(views, context)),
        context,
        report,
      );
    },
  };
}

function described(policy: Policy) {
  return {
    name: policy.id,
    displayName: policy.id,
    description: policy.title,
    enforcementLevel: policy.levels.production,
    severity: policy.severity,
    remediationSteps: policy.fix,
    url: documentationOf(policy),
    tags: [policy.area],
  };
}

function documentationOf(policy: Policy): string {
  return `${DOCUMENTATION}#${policy.id}`;
}

interface Decoded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  readonly opts: PolicyResourceOptions;
}

function resourceView({ type, name, urn, props, opts }: Decoded): ResourceView {
  return { type, name, urn, protect: opts.protect, properties: new Value(unproxied(props)) };
}

/**
 * The plain properties behind the proxy that @pulumi/policy hands out. The proxy ends a whole callback, and softens it, when
 * one unknown is read; our own {@link Value} leaves just the one thing undecided that the value decides.
 */
function unproxied(props: Record<string, unknown>): unknown {
  return props["__isSpecialProxy"] === true ? props["__getSpecialProxyTarget"] : props;
}

/**
 * The server's own form of a report. With a plain text it would put the description before the message and know no level
 * but the policy's; the types of @pulumi/policy 1.21 do not show this form, and the tests through the real server hold it.
 */
type ReportInFull = (violation: {
  readonly message: string;
  readonly urn: string | undefined;
  readonly enforcementLevel?: Level;
}) => void;

function deliver(
  policy: Policy,
  violations: readonly Violation[],
  { waivers, today }: PackContext,
  report: ReportViolation,
  checkedUrn?: string,
): void {
  const reportInFull = report as unknown as ReportInFull;
  for (const violation of violations) {
    const urn = violation.urn ?? checkedUrn;
    if (violation.undecided) {
      reportInFull({ message: undecidedMessage(policy, violation), urn, enforcementLevel: "advisory" });
      continue;
    }
    const waiver = waiverState(waivers, policy.id, urn, today);
    const message = violationMessage(policy, violation);
    reportInFull({
      message: waiver.state === "none" ? message : `${waiver.prefix} ${message}`,
      urn,
      ...(waiver.state === "waived" ? { enforcementLevel: "advisory" } : {}),
    });
  }
}

/** Fix and link stand in the message, because nothing else of a policy reaches the person who reads a diagnostic. */
function violationMessage(policy: Policy, { what }: Violation): string {
  return `${what}.\nFix: ${policy.fix}.\nSee: ${documentationOf(policy)}`;
}

function undecidedMessage(policy: Policy, { what }: Violation): string {
  return `[not judged yet] ${what}; pulumi up judges it then.\nRule: ${policy.title}\nSee: ${documentationOf(policy)}`;
}
