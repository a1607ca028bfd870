import * as pulumi from "@pulumi/pulumi";

/** One registered resource, as a test looks at it. */
interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly parent: string | undefined;
  readonly ignoreChanges: readonly string[];
  /** `type name` of what it explicitly waits for. */
  readonly dependsOn: readonly string[];
}

/** Everything that a program registered. */
export interface Recording {
  readonly all: readonly Recorded[];
  /** Every resource of a type, such as `aws:eks/cluster:Cluster`. */
  ofType(type: string): readonly Recorded[];
  /** The one resource of a type and a logical name. Throws where there is none. */
  the(type: string, name: string): Recorded;
}

/** `type name` of all that a resource waits for, however far. */
export function waitsFor(resource: Recorded, { all }: Recording): readonly string[] {
  const byLabel = new Map(all.map((each) => [label(each), each]));
  const found = new Set<string>();
  const waiting = [...resource.dependsOn];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(byLabel.get(next)?.dependsOn ?? []));
  }
  return [...found];
}

/** `type name`, by which `dependsOn` names a resource. */
export function label({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type} ${name}`;
}

const PROJECT = "test";
const STACK = "test";

/** Runs a program on Pulumi's mock runtime and returns what it registered. Every resource gets an id, a name and an ARN. */
export async function record(program: () => void): Promise<Recording> {
  const labels = new Map<pulumi.Resource, string>();
  const options = new Map<string, pulumi.ResourceOptions>();
  const recorded = new Map<string, Readonly<Record<string, unknown>>>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.set(label({ type, name }), inputs);
        return { id: `${name}-id`, state: { name, ...inputs, arn: `arn:aws:test:::${name}` } };
      },
      call: ({ token }) => {
        throw new Error(`a look-up at run time: ${token}`);
      },
    },
    PROJECT,
    STACK,
    false,
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ resource, type, name, opts }) => {
      labels.set(resource, label({ type, name }));
      options.set(label({ type, name }), opts);
      return undefined;
    });
    program();
    return {};
  });
  await registrationsEnded();

  const all = await Promise.all(
    [...options].map(async ([key, opts]) => {
      const [type = "", name = ""] = key.split(" ");
      return {
        type,
        name,
        inputs: recorded.get(key) ?? {},
        protect: opts.protect === true,
        parent: opts.parent && labels.get(opts.parent),
        ignoreChanges: opts.ignoreChanges ?? [],
        dependsOn: (await dependencies(opts)).map((resource) => labels.get(resource) ?? "unknown"),
      };
    }),
  );
  return recordingOf(all);
}

/** What a resource waits for by option. Merged options hold it as a list, as one resource or as a promise of either. */
async function dependencies({ dependsOn = [] }: pulumi.ResourceOptions): Promise<readonly pulumi.Resource[]> {
  const given: unknown = await value(pulumi.output(dependsOn));
  return [given].flat() as pulumi.Resource[];
}

/** Resolves when every resource that a program has created is registered, and those that these create in turn. */
export function registrationsEnded(): Promise<void> {
  return pulumi.runtime.disconnect();
}

/** The value of an output, once it is known. */
export function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** The types of the resources that whoever uses an output waits for. */
export async function waitedFor(output: pulumi.Output<unknown>): Promise<readonly string[]> {
  await value(output);
  // The SDK keeps them at run time and leaves them out of its types.
  const { resources } = output as unknown as { resources: () => Set<pulumi.Resource> };
  return Promise.all(
    [...resources()].map(async ({ urn }) => (await value(urn)).split("::").at(-2)?.split("$").at(-1) ?? ""),
  );
}

function recordingOf(all: readonly Recorded[]): Recording {
  return {
    all,
    ofType: (type) => all.filter((resource) => resource.type === type),
    the: (type, name) => {
      const found = all.find((resource) => resource.type === type && resource.name === name);
      if (found === undefined) throw new Error(`no ${type} ${name}; there is\n${all.map(label).join("\n")}`);
      return found;
    },
  };
}
