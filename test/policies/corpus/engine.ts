import * as pulumi from "@pulumi/pulumi";
import type { PackConfig } from "../../../cli/policy/judgement.ts";
import { policies } from "../../../policies/rules/index.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";
import { askPacks, type EngineFinding, foreignStack } from "../../e2e/pack-results.ts";
import type { TemporaryProject } from "../../e2e/project.ts";
import type { FixtureResource, FixtureStack } from "../compliant-stack/fixture.ts";
import { compliantStack } from "../compliant-stack/index.ts";
import type { Case } from "./case.ts";
import { isOfStack, withoutExclusions } from "./verdict.ts";

// Cases of the corpus as programs of the real engine, whose previews the pack judges.

/** A resource of any type, as the fixture has it. */
class FixtureElement extends pulumi.CustomResource {}
class FixtureProvider extends pulumi.ProviderResource {}

const PROVIDER = "pulumi:providers:";

/** Creates the resources of a stack; what one has as a source, the other's input depends on. */
function create(stack: FixtureStack): void {
  const created = new Map<string, pulumi.CustomResource>();
  const createOnce = (
    name: string,
    { type, protect = false, properties, sources = {}, provider }: FixtureResource,
  ): pulumi.CustomResource => {
    const existing = created.get(name);
    if (existing !== undefined) return existing;
    const inputs: Record<string, unknown> = { ...properties };
    for (const [input, urns] of Object.entries(sources)) {
      const behind = urns.flatMap((urn) => {
        const source = urn.split("::").at(-1) ?? "";
        const resource = stack[source];
        return resource === undefined ? [] : [createOnce(source, resource)];
      });
      const value = inputs[input] ?? UNKNOWN;
      inputs[input] = pulumi.all(behind.map(({ urn }) => urn)).apply(() => value);
    }
    const by = provider === undefined ? undefined : stack[provider];
    const made = type.startsWith(PROVIDER)
      ? new FixtureProvider(type.slice(PROVIDER.length), name, inputs)
      : new FixtureElement(type, name, inputs, {
          protect,
          ...(by && { provider: createOnce(provider ?? "", by) as pulumi.ProviderResource }),
        });
    created.set(name, made);
    return made;
  };
  for (const [name, resource] of Object.entries(stack)) createOnce(name, resource);
}

/** What the pack says of a stack of its own in the real engine. */
export async function askOfStack(
  project: TemporaryProject,
  { policy, stack, config }: Case,
  name: string,
): Promise<readonly EngineFinding[]> {
  const made = await foreignStack(project, name, async () => create(stack));
  const { findings } = await askPacks(project, made, "preview", ["bellwether"], {
    all: "advisory",
    [policy]: { enforcementLevel: "advisory", ...config },
  });
  return withoutExclusions(findings);
}

function isConfigured({ config }: Case): boolean {
  return Object.keys(config).length > 0;
}

/**
 * Cases of policies over single resources, in few previews: one of all that need no configuration, and one of each that does, as that
 * holds for every resource. The resources in which each differs from the compliant stack stand in the program under names of its own.
 * Policies over the whole stack are not asked.
 */
export function batchesOf(cases: readonly Case[]): readonly (readonly Case[])[] {
  const single = cases.filter((one) => !isOfStack(one));
  return [single.filter((one) => !isConfigured(one)), ...single.filter(isConfigured).map((one) => [one])];
}

/** What the pack says of each case of a batch, in the order of the cases. */
export async function askOfBatch(
  project: TemporaryProject,
  batch: readonly Case[],
  name: string,
): Promise<readonly (readonly EngineFinding[])[]> {
  const prefix = (index: number) => `case-${index}-`;
  const all = Object.fromEntries(
    batch.flatMap((one, index) =>
      // A configuration may make a resource bad that is as in the compliant stack.
      Object.entries(isConfigured(one) ? one.stack : changedIn(one.stack)).map(
        ([key, resource]): [string, FixtureResource] => [
          `${prefix(index)}${key}`,
          {
            ...resource,
            sources: {},
            ...(resource.provider && { provider: `${prefix(index)}${resource.provider}` }),
          },
        ],
      ),
    ),
  );
  const made = await foreignStack(project, name, async () => create(all));
  const config: PackConfig = Object.fromEntries([
    ...policies.map(({ id, scope }) => [id, scope === "stack" ? "disabled" : "advisory"] as const),
    ...batch.map(
      ({ policy, config: own }) => [policy, { enforcementLevel: "advisory" as const, ...own }] as const,
    ),
  ]);
  const { findings } = await askPacks(project, made, "preview", ["bellwether"], config);
  return batch.map((_, index) =>
    withoutExclusions(findings.filter(({ urn }) => urn.split("::").at(-1)?.startsWith(prefix(index)))),
  );
}

const COMPLIANT = compliantStack();

/** The resources of a stack that the compliant one has not, or has otherwise. */
function changedIn(stack: FixtureStack): FixtureStack {
  return Object.fromEntries(
    Object.entries(stack).filter(
      ([name, resource]) => JSON.stringify(resource) !== JSON.stringify(COMPLIANT[name]),
    ),
  );
}
