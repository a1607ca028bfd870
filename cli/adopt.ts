import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { InvalidInputError, type Problem, shown } from "../components/core/problems.ts";
import { definitionSource } from "../components/exchange/definition-source.ts";
import type { ServiceDefinition, ServiceTier } from "../components/service/model.ts";
import { SERVICE_TIERS } from "../components/service/model.ts";
import { adoptedEndpoint } from "./adopted-endpoint.ts";

/** What the command line sets if no file does. */
export interface AdoptOptions {
  readonly owner?: string;
  readonly tier?: string;
  readonly namespace?: string;
}

/** Definitions that replace monitors, and what remains to be checked. */
export interface Adopted {
  /** TypeScript, for standard output. */
  readonly text: string;
  /** For standard error; empty where nothing is left to do. */
  readonly report: string;
}

/** The part of a ServiceMonitor or PodMonitor that a definition has a place for, or that it changes. */
interface Monitor {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: unknown;
    };
    readonly namespaceSelector?: { readonly matchNames?: readonly string[] };
    readonly endpoints?: readonly Endpoint[];
    readonly podMetricsEndpoints?: readonly Endpoint[];
  };
}

interface Endpoint {
  readonly port?: string | number;
  readonly path?: string;
  readonly relabelings?: readonly unknown[];
  readonly metricRelabelings?: readonly unknown[];
  readonly [option: string]: unknown;
}

const NAME_LABEL = "app.kubernetes.io/name";
/** The fields of an endpoint that a definition has a place for. */
const KEPT = new Set([
  "port",
  "path",
  "interval",
  "scheme",
  "tlsConfig",
  "authorization",
  "bearerTokenSecret",
  "basicAuth",
]);

interface Note {
  readonly path: string;
  readonly found: string;
  readonly instead: string;
}

/**
 * Definitions of services for the monitors in files of YAML. A definition scrapes the same port of the same Service under labels of
 * its own, so that the old monitor goes once the new one answers. Throws an InvalidInputError for what is no monitor.
 */
export function adoptCommand(files: readonly string[], options: AdoptOptions): Adopted {
  const problems: Problem[] = [];
  const tier = SERVICE_TIERS.find((each) => each === (options.tier ?? "standard"));
  if (tier === undefined)
    problems.push({
      path: "--tier",
      found: shown(options.tier),
      allowed: `one of ${SERVICE_TIERS.join(", ")}`,
      fix: "write one of them",
    });
  const monitors = files.flatMap((file) => monitorsIn(file, problems));
  if (files.length === 0 || (monitors.length === 0 && problems.length === 0))
    problems.push({
      path: "adopt",
      found: files.length === 0 ? "no file" : "no ServiceMonitor and no PodMonitor",
      allowed: "files with at least one",
      fix: "name such files, or write them with: kubectl get servicemonitors --output yaml",
    });
  if (problems.length > 0 || tier === undefined) throw new InvalidInputError("adopt", problems);
  const notes: Note[] = [];
  const definitions = monitors.map(({ at, monitor }) => definitionOf(monitor, at, options, tier, notes));
  return { text: definitionSource(definitions), report: report(notes) };
}

function monitorsIn(file: string, problems: Problem[]): { readonly at: string; readonly monitor: Monitor }[] {
  const refuse = (found: string, fix: string) =>
    void problems.push({ path: file, found, allowed: "YAML of Kubernetes objects", fix });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    refuse("no file, or one without read permission", "correct the path");
    return [];
  }
  const documents = parseAllDocuments(text);
  if (documents.some(({ errors }) => errors.length > 0)) refuse("invalid YAML", "correct its syntax");
  return documents
    .flatMap((document) => itemsOf(document.toJS() as Monitor & { readonly items?: readonly Monitor[] }))
    .filter(({ kind }) => kind === "ServiceMonitor" || kind === "PodMonitor")
    .map((monitor) => ({ at: `${file}: ${monitor.metadata?.name}`, monitor }));
}

function itemsOf(object: (Monitor & { readonly items?: readonly Monitor[] }) | null): readonly Monitor[] {
  return object?.items ?? (object === null ? [] : [object]);
}

function definitionOf(
  { kind, metadata = {}, spec = {} }: Monitor,
  at: string,
  options: AdoptOptions,
  tier: ServiceTier,
  notes: Note[],
): ServiceDefinition {
  const labels = spec.selector?.matchLabels ?? {};
  const name = labels[NAME_LABEL] ?? labels["app"] ?? metadata.name ?? "unnamed";
  const namespace =
    spec.namespaceSelector?.matchNames?.[0] ?? options.namespace ?? metadata.namespace ?? "default";
  const [endpoint = {}, ...others] = spec.endpoints ?? spec.podMetricsEndpoints ?? [];
  const owner = options.owner ?? metadata.labels?.["team"] ?? metadata.labels?.["owner"] ?? "team";
  const note = (path: string, found: string, instead: string) =>
    void notes.push({ path: `${at} ${path}`, found, instead });

  const scrape = {
    ...(kind === "PodMonitor" && { kind: "pod" as const }),
    ...selectorOf(kind, name, spec.selector, note),
    ...adoptedEndpoint(endpoint, note),
  };
  if ((spec.namespaceSelector?.matchNames?.length ?? 0) > 1)
    note("namespaceSelector", shown(spec.namespaceSelector), "define a service for each namespace");
  if (others.length > 0)
    note(
      "endpoints",
      `${others.length} more`,
      "define a service for each, or export all metrics on one port",
    );
  if (typeof endpoint.port !== "string")
    note("port", shown(endpoint.port), "give the port a name, and write that name");
  if (owner === "team") note("labels", "no team", "name the owner: --owner <team>");
  // Parameters of a URL may hold a token.
  for (const option of Object.keys(endpoint).filter((each) => !KEPT.has(each)))
    note(
      option,
      option === "params" ? "parameters" : shown(endpoint[option]),
      "not carried over: check whether alerts or dashboards need it",
    );
  note("metrics", "not part of a monitor", "check http.metrics: otel is a guess");
  note(
    "",
    "a monitor that scrapes the same targets",
    "deploy the definition, check that its targets are up, then delete the old monitor",
  );
  return {
    name,
    owner,
    tier,
    description: `Adopted from ${kind} ${metadata.name}`,
    namespace,
    http: {
      port: typeof endpoint.port === "string" ? endpoint.port : "http",
      ...(endpoint.path !== undefined && endpoint.path !== "/metrics" && { path: endpoint.path }),
      metrics: "otel",
    },
    ...(Object.keys(scrape).length > 0 && { scrape }),
  };
}

/** The labels that a definition selects by, where they are not those that it selects by itself. */
function selectorOf(
  kind: string | undefined,
  name: string,
  selector: NonNullable<Monitor["spec"]>["selector"],
  note: (path: string, found: string, instead: string) => void,
): { readonly selector?: Readonly<Record<string, string>> } {
  const { matchLabels = {}, matchExpressions } = selector ?? {};
  if (matchExpressions !== undefined)
    note(
      "selector.matchExpressions",
      shown(matchExpressions),
      "not carried over: select by labels, in scrape.selector",
    );
  const count = Object.keys(matchLabels).length;
  if (count === 0) {
    const selected = kind === "PodMonitor" ? "pods" : "Kubernetes Service";
    note("selector", shown(selector), `give the ${selected} the label ${NAME_LABEL}: ${name}`);
  }
  return count === 0 || (count === 1 && matchLabels[NAME_LABEL] === name) ? {} : { selector: matchLabels };
}

function report(notes: readonly Note[]): string {
  const entries = notes.map(
    ({ path, found, instead }) => `  ${path.trim()}\n    found    ${found}\n    do       ${instead}`,
  );
  const count = notes.length === 1 ? "1 thing" : `${notes.length} things`;
  return [`${count} to check before you delete the old monitors`, ...entries, ""].join("\n");
}
