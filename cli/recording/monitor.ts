import type {
  ReadResourceRequest,
  RegisterPackageRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceCallRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import type { Wire, WireMap } from "./wire.ts";

/** Everything that a program said of one resource when it registered it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False for a component, which no provider makes. */
  readonly custom: boolean;
  /** URN, or undefined for the stack itself. */
  readonly parent: string | undefined;
  /** URNs that this waits for, because the program says so or because a value comes from there; sorted. */
  readonly dependsOn: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the provider, or undefined where the engine would choose its default one. */
  readonly provider: string | undefined;
  /** URNs, or names, types and parents, under which the resource was known before. */
  readonly aliases: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean | undefined;
  readonly inputs: { readonly [key: string]: Wire };
  /** What a component registered as its outputs; a provider's outputs are unknown. */
  readonly outputs: { readonly [key: string]: Wire };
}

/** The stacks that a program refers to. */
export interface References {
  /** What they export, by the stack's name. */
  readonly outputs: Readonly<Record<string, { readonly [name: string]: Wire }>>;
  /** Hears of every other stack that the program refers to: to the program, its outputs are unknown. */
  readonly onUnanswered: (stack: string) => void;
}

/** What a program asked for: its resources ordered by URN, and its outputs. */
export interface Recording {
  readonly resources: readonly RecordedResource[];
  readonly outputs: { readonly [name: string]: Wire };
}

/** What the runtime reads of a response. It calls these methods and nothing else, so no message needs to be built. */
type Callback = (error: Error | null, response?: object) => void;

// Outputs would travel as values with their dependencies; plain values, unknowns and secrets are all that is recorded.
// Transforms need a server that the engine calls back.
const NOT_SUPPORTED = new Set(["outputValues", "transforms", "invokeTransforms"]);

/**
 * Stands where the engine's resource monitor stands, without a socket. It answers as the engine does in a preview in which
 * everything is new: inputs come back as outputs, ids and what else a provider computes stay unknown.
 */
export class PreviewMonitor {
  readonly #project: string;
  readonly #stack: string;
  readonly #references: References | undefined;
  readonly #resources = new Map<string, RecordedResource>();
  #outputs: { readonly [name: string]: Wire } = {};

  constructor(project: string, stack: string, references?: References) {
    this.#project = project;
    this.#stack = stack;
    this.#references = references;
  }

  /** What was registered until now, ordered by URN: the order of registration depends on the event loop. */
  recording(): Recording {
    return {
      resources: [...this.#resources.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
      outputs: this.#outputs,
    };
  }

  registerResource(request: RegisterResourceRequest, callback: Callback): void {
    const urn = this.#urn(request.getParent(), request.getType(), request.getName());
    if (this.#resources.has(urn)) {
      callback(
        new Error(`two resources have the URN ${urn}: a logical name must be unique below its parent`),
      );
      return;
    }
    this.#resources.set(urn, recorded(urn, request));
    callback(null, {
      getUrn: () => urn,
      getId: () => "",
      getObject: () => request.getObject(),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
    });
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback): void {
    const resource = this.#resources.get(request.getUrn());
    const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as { readonly [name: string]: Wire };
    if (resource?.type === STACK_TYPE) this.#outputs = outputs;
    else if (resource !== undefined) this.#resources.set(resource.urn, { ...resource, outputs });
    callback(null, {});
  }

  /** A resource that exists and is only read: its id is given, all else is unknown, but for the outputs of a stack that were given. */
  readResource(request: ReadResourceRequest, callback: Callback): void {
    const urn = this.#urn(request.getParent(), request.getType(), request.getName());
    if (request.getType() === STACK_REFERENCE_TYPE) {
      const name = request.getId();
      const given = this.#references?.outputs ?? {};
      const outputs = Object.hasOwn(given, name) ? given[name] : undefined;
      if (outputs !== undefined) {
        const properties = { name, outputs, secretOutputNames: [] };
        callback(null, { getUrn: () => urn, getProperties: () => ({ toJavaScript: () => properties }) });
        return;
      }
      this.#references?.onUnanswered(name);
    }
    callback(null, { getUrn: () => urn, getProperties: () => request.getProperties() });
  }

  /** A look-up has no answer here, and an invented one could decide what is created. */
  invoke(request: ResourceInvokeRequest, callback: Callback): void {
    callback(lookUpRefused(request.getTok()));
  }

  call(request: ResourceCallRequest, callback: Callback): void {
    callback(lookUpRefused(request.getTok()));
  }

  supportsFeature(request: SupportsFeatureRequest, callback: Callback): void {
    const supported = !NOT_SUPPORTED.has(request.getId());
    callback(null, { getHassupport: () => supported });
  }

  registerPackage(request: RegisterPackageRequest, callback: Callback): void {
    const reference = `${request.getName()}@${request.getVersion()}`;
    callback(null, { getRef: () => reference });
  }

  #urn(parent: string, type: string, name: string): string {
    const parentType = parent === "" ? undefined : parent.split("::")[2];
    // The stack is the parent of everything, so it is left out of the types that a URN lists.
    const qualified = parentType === undefined || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.#stack}::${this.#project}::${qualified}::${name}`;
  }
}

/** The type of the resource that is every stack's root. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";

function recorded(urn: string, request: RegisterResourceRequest): RecordedResource {
  const dependencies = [...request.getPropertydependenciesMap().entries()] as [
    string,
    { getUrnsList(): string[] },
  ][];
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent() || undefined,
    dependsOn: request.getDependenciesList().toSorted(),
    propertyDependencies: Object.fromEntries(
      dependencies.map(([key, urns]) => [key, urns.getUrnsList().toSorted()]),
    ),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    provider: urnOfProvider(request.getProvider()),
    aliases: [...new Set(request.getAliasesList().map(aliasText))],
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    inputs: inOnePiece((request.getObject()?.toJavaScript() ?? {}) as WireMap) as WireMap,
    outputs: {},
  };
}

/** A reference to a provider is its URN and its id, joined by `::`; a URN has four parts of its own. */
function urnOfProvider(reference: string): string | undefined {
  return reference === "" ? undefined : reference.split("::").slice(0, 4).join("::");
}

type Alias = ReturnType<RegisterResourceRequest["getAliasesList"]>[number];

function aliasText(alias: Alias): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const { name, type, stack, project, parenturn } = spec.toObject();
  return Object.entries({ name, type, stack, project, parent: parenturn })
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

/** The runtime shows the `details` of a refusal, as gRPC has them. */
function lookUpRefused(token: string): Error {
  const details = `the program looked up ${token}: a preview has nothing to look up in, so what it needs must be data of the environment`;
  return Object.assign(new Error(details), { details });
}

/**
 * The same value, whose texts are in one piece. V8 keeps a text that was put together as its parts, which take four times as much memory as a rule
 * has characters, until some character of it is read.
 */
function inOnePiece(value: Wire): Wire {
  if (typeof value === "string") value.charCodeAt(0);
  else if (value !== null && typeof value === "object")
    for (const inner of Object.values(value)) inOnePiece(inner);
  return value;
}
