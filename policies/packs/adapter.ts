import {
  type Policies,
  type PolicyConfigSchema,
  type PolicyResource,
  type PolicyResourceOptions,
  type ReportViolation,
  type ResourceRemediation,
  type ResourceValidation,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { policyPage } from "../rules/page.ts";
import type { Policy, ResourcePolicy, StackPolicy } from "../rules/policy.ts";
import { withRemedies } from "../rules/remedy.ts";
import type { ResourceView, StackResource } from "../rules/resource.ts";
import type { Settings } from "../rules/settings.ts";
import { UNKNOWN, Value } from "../rules/value.ts";
import { askAboutResource, askAboutStack, isAbout, type PackContext, type Report } from "./ask.ts";
import { AskedBudgets } from "./error-budgets.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Our policies as Pulumi's, with the levels of production, which a configuration may soften. */
export function pulumiPolicies(policies: readonly Policy[], context: PackContext): Policies {
  const inputs: InputsByUrn = new Map();
  const budgets = new AskedBudgets(process.env);
  const stack = new SharedViews(inputs);
  const ahead = new ReadAhead();
  return policies.map((policy) =>
    policy.scope === "resource"
      ? resourceValidation(policy, context, { inputs, budgets, ahead })
      : stackValidation(policy, context, stack),
  );
}

/**
 * The properties with which each resource was last judged on its own. A policy over the stack is asked about outputs; but in the
 * first preview of a new cluster, whose address its Kubernetes provider does not know yet, the engine hands out no outputs at
 * all. Taken as they are, they would say that there is no alert and no route; the inputs, which came before, say what will be.
 */
type InputsByUrn = Map<string, unknown>;

/** What all policies of a pack share. */
interface Shared {
  readonly inputs: InputsByUrn;
  readonly budgets: AskedBudgets;
  readonly ahead: ReadAhead;
}

function resourceValidation(
  policy: ResourcePolicy,
  context: PackContext,
  { inputs, budgets, ahead }: Shared,
): ResourceValidationPolicy {
  const validateResource: ResourceValidation & { __pulumiType?: string } = (resource, report) => {
    const properties = unproxied(resource.props);
    if (!inputs.has(resource.urn)) ahead.add(resourceView(resource, properties));
    inputs.set(resource.urn, properties);
    if (!isAbout(policy, resource.type)) return;
    const view = resourceView(resource, properties);
    const reports = askAboutResource(policy, view, context, { settings: resource.getConfig, budgets });
    return reports instanceof Promise
      ? reports.then((all) => deliver(all, report))
      : deliver(reports, report);
  };
  // The server skips a function that carries its one type before it decodes the resource, and only then.
  const [onlyType, ...others] = policy.types ?? [];
  if (onlyType !== undefined && others.length === 0) validateResource.__pulumiType = onlyType;
  const remediateResource = policy.remedies && remediation(policy, policy.remedies, context);
  return { ...described(policy), validateResource, ...(remediateResource && { remediateResource }) };
}

/** Runs at the level `remediate` alone. Without something to set it answers nothing, and the engine says nothing. */
function remediation(
  policy: ResourcePolicy,
  remedies: NonNullable<ResourcePolicy["remedies"]>,
  context: PackContext,
): ResourceRemediation {
  return (resource) => {
    if (!isAbout(policy, resource.type)) return undefined;
    // Behind two proxies: the inner one shows what is in secrets, and a copy that is made through it would no longer be secret.
    const properties = unproxied(unproxied(resource.props) as Record<string, unknown>);
    const settings = policy.settings && resource.getConfig<Record<string, unknown>>();
    const view = resourceView(resource, properties);
    const found = remedies(view, { ...context, ...(settings && { settings }) });
    return found.length === 0
      ? undefined
      : withRemedies(properties, found, (value) => value instanceof Secret);
  };
}

function stackValidation(
  policy: StackPolicy,
  context: PackContext,
  stack: SharedViews,
): StackValidationPolicy {
  return {
    ...described(policy),
    validateStack: ({ resources, getConfig }, report) =>
      deliver(askAboutStack(policy, stack.of(resources), context, getConfig), report),
  };
}

/**
 * The resources of a stack as the policies see them. The server decodes them anew for each policy and hands out another list every
 * time; with one list for all policies, what several of them need, such as the rules and routes of a stack, is read once. The server asks
 * all policies within one turn of the event loop, and a list is kept no longer than that.
 */
class SharedViews {
  readonly #inputs: InputsByUrn;
  #views: readonly StackResource[] = [];

  constructor(inputs: InputsByUrn) {
    this.#inputs = inputs;
  }

  of(resources: readonly PolicyResource[]): readonly StackResource[] {
    const isSame =
      resources.length === this.#views.length &&
      resources.every(({ urn }, index) => urn === this.#views[index]?.urn);
    if (isSame) return this.#views;
    this.#views = resources.map((resource) => this.#viewOf(resource));
    setImmediate(() => {
      this.#views = [];
    });
    return this.#views;
  }

  #viewOf(resource: PolicyResource): StackResource {
    return {
      ...resourceView(resource, outputsOrInputs(resource, this.#inputs)),
      sources: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([input, sources]) => [
          input,
          sources.map(({ urn }) => urn),
        ]),
      ),
    };
  }
}

function described(policy: Policy) {
  return {
    name: policy.id,
    displayName: policy.id,
    description: policy.title,
    enforcementLevel: policy.levels.production,
    severity: policy.severity,
    remediationSteps: policy.fix,
    url: policyPage(policy.id),
    tags: [policy.area],
    ...(policy.settings === undefined ? {} : { configSchema: schemaOf(policy.settings) }),
  };
}

/** The settings of a policy as the JSON Schema that Pulumi checks a configuration with. */
function schemaOf(settings: Settings): PolicyConfigSchema {
  const properties = Object.entries(settings).map(([name, { type, description, default: otherwise }]) => [
    name,
    type === "strings" || type === "numbers"
      ? { type: "array", items: { type: type.slice(0, -1) }, description, default: otherwise }
      : { type, description, default: otherwise },
  ]);
  return { properties: Object.fromEntries(properties) as PolicyConfigSchema["properties"] };
}

interface Decoded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  readonly opts: PolicyResourceOptions;
  readonly provider?: { readonly props: Record<string, unknown> } | undefined;
}

function resourceView({ type, name, urn, opts, provider }: Decoded, properties: unknown): ResourceView {
  return {
    type,
    name,
    urn,
    protect: opts.protect,
    properties: new Value(properties),
    ...(provider === undefined ? {} : { provider: new Value(unproxied(provider.props)) }),
  };
}

/** The outputs; without any, the inputs; and where even those were not shown, one unknown value, which decides nothing. */
function outputsOrInputs({ urn, props }: Decoded, inputs: InputsByUrn): unknown {
  const outputs = unproxied(props);
  if (Object.keys(outputs).length > 0) return outputs;
  return inputs.has(urn) ? inputs.get(urn) : UNKNOWN;
}

/**
 * The plain properties behind the proxy that @pulumi/policy hands out. The proxy ends a whole callback, and softens it, when
 * one unknown is read; our own {@link Value} leaves just the one thing undecided that the value decides.
 */
function unproxied(props: Record<string, unknown>): object {
  return props["__isSpecialProxy"] === true ? (props["__getSpecialProxyTarget"] as object) : props;
}

/**
 * The server's own form of a report. With a plain text it would put the description before the message and know no level
 * but the policy's; the types of @pulumi/policy 1.21 do not show this form, and the tests through the real server hold it.
 */
type ReportInFull = (report: Report) => void;

function deliver(reports: readonly Report[], report: ReportViolation): void {
  for (const each of reports) (report as unknown as ReportInFull)(each);
}
