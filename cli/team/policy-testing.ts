import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { UNKNOWN } from "../../policies/rules/value.ts";
import { judge } from "../policy/analyzer.ts";
import { requirePolicySdk } from "../policy/sdk.ts";
import { type PackServer, startAnyPack } from "../policy/server.ts";
import type { RecordedResource } from "../recording/monitor.ts";
import { asSecret, type Wire } from "../recording/wire.ts";

/** A resource of a stack that a test makes up. */
export interface TestedResource {
  /** Pulumi's type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The logical name, which no other resource of the stack may have. */
  readonly name: string;
  /** The inputs; {@link unknown} and {@link secret} may be anywhere inside. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The option `protect`. Default: false. */
  readonly protect?: boolean;
  /** The name of the component that it is a child of. Default: the stack's. */
  readonly parent?: string;
  /** The name of the provider that creates it, a resource of type `pulumi:providers:…`. */
  readonly provider?: string;
  /** Names of the resources that it waits for. */
  readonly dependsOn?: readonly string[];
  /** Of an input, the names of the resources that its value was taken from. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

/** A level and settings by policy, as the file of `--policy-pack-config` has them. `all` is for policies that are not named. */
export type PolicyConfig = Readonly<
  Record<
    string,
    | "mandatory"
    | "advisory"
    | "disabled"
    | {
        readonly enforcementLevel?: "mandatory" | "advisory" | "disabled";
        readonly [setting: string]: unknown;
      }
  >
>;

/** How a stack is judged. */
export interface StackOptions {
  readonly config?: PolicyConfig;
  /** Default: "test". */
  readonly project?: string;
  /** Default: "test". */
  readonly stack?: string;
}

/** What a policy says of a resource. */
export interface PolicyFinding {
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  /** The name of the resource; undefined for what is said of no resource. */
  readonly resource: string | undefined;
  readonly message: string;
}

/** A policy pack that is running. */
export interface TestedPack {
  /**
   * What the pack says of a stack, by policy and resource. Policies for the whole stack are asked as well, also after a mandatory violation. Rejects with
   * an InvalidInputError that lists every mistake in the resources.
   */
  readonly judge: (
    resources: readonly TestedResource[],
    options?: StackOptions,
  ) => Promise<readonly PolicyFinding[]>;
  /** Ends the pack's process. */
  readonly stop: () => Promise<void>;
}

/** A value that is known only after the deployment, as the engine sends it in a preview. */
export const unknown: string = UNKNOWN;

/** A secret value, as the engine sends it: policies see it in plain text, and no message may contain it. */
export function secret(value: unknown): unknown {
  return asSecret(value as Wire);
}

/**
 * Starts the policy pack in a folder with Pulumi's `run-policy-pack`, in a process of its own, as the engine does. The engine then sends
 * the defaults of a policy's configuration, every resource and the whole stack; {@link TestedPack.judge} does the same. `variables` are added to the
 * environment of the process. Rejects with an InvalidInputError if the folder holds no pack, and with the pack's own words if it does not start.
 */
export async function startPolicyPack(
  folder: string,
  variables: NodeJS.ProcessEnv = {},
): Promise<TestedPack> {
  requirePolicySdk();
  const path = resolve(folder);
  if (!existsSync(join(path, "PulumiPolicy.yaml")))
    throw new InvalidInputError("startPolicyPack", [
      {
        path: "folder",
        found: `${shown(folder)}, in which there is no PulumiPolicy.yaml`,
        allowed: "the folder of a policy pack",
        fix: "name the folder that --policy-pack of pulumi is given",
      },
    ]);
  const server = await startAnyPack(path, variables);
  return { judge: (resources, options) => judged(server, resources, options), stop: server.stop };
}

async function judged(
  server: PackServer,
  resources: readonly TestedResource[],
  { config = {}, project = "test", stack = "test" }: StackOptions = {},
): Promise<readonly PolicyFinding[]> {
  const problems = problemsOf(resources);
  if (problems.length > 0) throw new InvalidInputError("The resources of the test", problems);
  const urns = new Map(
    resources.map(({ type, name }) => [name, `urn:pulumi:${stack}::${project}::${type}::${name}`]),
  );
  const recording = { resources: resources.map((resource) => recorded(resource, urns)), outputs: {} };
  const { diagnostics } = await judge(server, { project, stack, recording, config });
  const names = new Map([...urns].map(([name, urn]) => [urn, name]));
  return diagnostics.map(({ policy, level, urn, message }) => ({
    policy,
    level,
    resource: urn === undefined ? undefined : names.get(urn),
    message,
  }));
}

function recorded(
  { type, name, inputs, protect = false, parent, provider, dependsOn = [], sources = {} }: TestedResource,
  urns: ReadonlyMap<string, string>,
): RecordedResource {
  const urnOf = (other: string) => urns.get(other) ?? other;
  const taken = Object.entries(sources).map(([input, names]) => [input, names.map(urnOf)] as const);
  return {
    urn: urnOf(name),
    type,
    name,
    custom: true,
    parent: parent === undefined ? undefined : urnOf(parent),
    dependsOn: [...new Set([...dependsOn.map(urnOf), ...taken.flatMap(([, names]) => names)])].sort(),
    propertyDependencies: Object.fromEntries(taken),
    protect,
    retainOnDelete: false,
    provider: provider === undefined ? undefined : urnOf(provider),
    aliases: [],
    ignoreChanges: [],
    deleteBeforeReplace: undefined,
    // As Pulumi sends them: what is undefined is not there.
    inputs: JSON.parse(JSON.stringify(inputs)) as RecordedResource["inputs"],
    outputs: {},
  };
}

/** Every mistake in made-up resources: two of a name, and names of resources that are not there. */
function problemsOf(resources: readonly TestedResource[]): Problem[] {
  const names = resources.map(({ name }) => name);
  const twice = resources.flatMap(({ name }, index): Problem[] =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: `resources[${index}].name`,
            found: `${shown(name)}, as resources[${names.indexOf(name)}] is called`,
            allowed: "a name of its own",
            fix: "give one of them another name",
          },
        ],
  );
  const missing = resources.flatMap((resource, index) =>
    referencesOf(resource)
      .filter(([, name]) => !names.includes(name))
      .map(
        ([field, name]): Problem => ({
          path: `resources[${index}].${field}`,
          found: `${shown(name)}, which is no resource of the test`,
          allowed: "the name of one of its resources",
          fix: "add the resource, or correct the name",
        }),
      ),
  );
  return [...twice, ...missing];
}

function referencesOf({ parent, provider, dependsOn = [], sources = {} }: TestedResource) {
  return [
    ...(parent === undefined ? [] : [["parent", parent] as const]),
    ...(provider === undefined ? [] : [["provider", provider] as const]),
    ...dependsOn.map((name, index) => [`dependsOn[${index}]`, name] as const),
    ...Object.entries(sources).flatMap(([input, names]) =>
      names.map((name, index) => [`sources.${input}[${index}]`, name] as const),
    ),
  ];
}
