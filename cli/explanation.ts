import { InvalidInputError, shown } from "../components/core/problems.ts";
import { nearest } from "../components/core/validation.ts";
import type { ServiceMonitoringArgs } from "../components/service/arguments.ts";
import { type Service, slosOf } from "../components/service/model.ts";
import { alertsOfService, promisesOfService, renderService } from "../components/service/render.ts";
import type { Slo } from "../components/slo/model.ts";
import type { Paint } from "./paint.ts";
import { PROMISE_COLUMNS, promiseRow } from "./report/promises.ts";

/** What an explanation needs of the environment, beside what the service is rendered from. */
export interface Surroundings {
  readonly args: ServiceMonitoringArgs & { readonly namespace: string };
  /** The receivers of an alert with these labels, each as people know it: `shop-pager (pagerduty)`. */
  readonly receivers: (labels: Readonly<Record<string, string>>) => readonly string[];
  /** The dashboards that show the service, a line each. */
  readonly dashboards: readonly string[];
}

/** What a service is, whatever the environment. */
export function introduction({ name, owner, tier, description, namespace }: Service, paint: Paint): string {
  return [
    paint.bold(`${name}: ${description}`),
    `Owner ${owner}, tier ${tier}, namespace ${namespace}.`,
  ].join("\n");
}

/** What Prometheus scrapes for a service in an environment, its objectives, alerts and dashboards, and where each comes from. */
export function explanation({ args, receivers, dashboards }: Surroundings, paint: Paint): string {
  const blocks = [
    block("Scraped", scraped(args), paint),
    block("Objectives", objectives(args), paint),
    block("Alerts", alerts(args, receivers), paint),
    block("Dashboards", dashboards.length > 0 ? dashboards : ["none"], paint),
  ];
  return [paint.bold(args.environment), ...blocks].join("\n");
}

function block(title: string, lines: readonly string[], paint: Paint): string {
  return [`  ${paint.bold(title)}`, ...lines.map((line) => `    ${line}`)].join("\n");
}

/** A Kubernetes object that scrapes or probes, as far as it is shown here. */
interface Scraper {
  readonly kind: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly namespaceSelector?: { readonly matchNames?: readonly string[] };
    readonly endpoints?: readonly Endpoint[];
    readonly podMetricsEndpoints?: readonly Endpoint[];
    readonly interval?: string;
    readonly targets?: { readonly staticConfig?: { readonly static?: readonly string[] } };
  };
}

interface Endpoint {
  readonly port?: string;
  readonly path?: string;
  readonly interval?: string;
}

function scraped(args: Surroundings["args"]): readonly string[] {
  const { rules: _, ...objects } = renderService(args);
  const scrapers = (Object.values(objects) as readonly (Scraper | undefined)[]).filter(
    (object) => object !== undefined,
  );
  if (scrapers.length === 0) return ["nothing: the objectives query series that other monitors scrape"];
  return scrapers.flatMap(({ kind, metadata, spec = {} }) => {
    const labels = Object.entries(spec.selector?.matchLabels ?? {}).map(
      ([label, value]) => `${label}: ${value}`,
    );
    const where = spec.namespaceSelector?.matchNames?.join(", ");
    const endpoints = (spec.endpoints ?? spec.podMetricsEndpoints ?? []).map(
      ({ port, path, interval }) => `  port ${port}, path ${path ?? "/metrics"}, every ${interval}`,
    );
    const targets = (spec.targets?.staticConfig?.static ?? []).map(
      (url) => `  ${url}, every ${spec.interval}`,
    );
    const found =
      labels.length > 0 ? `: Services with the label ${labels.join(", ")} in the namespace ${where}` : "";
    return [`${kind} ${metadata?.name}${found}`, ...endpoints, ...targets];
  });
}

function objectives(args: ServiceMonitoringArgs): readonly string[] {
  const promises = promisesOfService(args);
  const slos = slosOf(args.service, args.environment);
  return slos.flatMap((slo, index) => {
    const promise = promises[index];
    const row = promise === undefined ? undefined : promiseRow(promise);
    const [, , ...rates] = PROMISE_COLUMNS;
    return [
      `${slo.name}: ${row?.objective ?? slo.objective} (${sourceOf(slo, args)})`,
      ...(row === undefined ? [] : [...row.told, row.withoutPods]).map(
        (text, rate) => `  ${rates[rate]?.toLowerCase()}: ${text}`,
      ),
      ...(row === undefined ? [] : [`  minimum traffic: ${row.traffic}`, `  cost: ${row.cost}`]),
    ];
  });
}

/** Where the percentage of an objective comes from. */
function sourceOf({ name }: Slo, { service, environment }: ServiceMonitoringArgs): string {
  const { environments, objectives: everywhere, tier } = service;
  const here = Object.hasOwn(environments, environment) ? environments[environment]?.objectives : undefined;
  const [inEnvironment, inGeneral] = [settingsOf(here, name), settingsOf(everywhere, name)];
  // What an environment says of an objective replaces all that the definition says of it elsewhere.
  const settings = inEnvironment ?? inGeneral;
  const percent = typeof settings === "string" ? settings : settings?.percent;
  if (percent === undefined) return `percentage: default of tier ${tier}`;
  return `percentage: definition${inEnvironment === undefined ? "" : `, for ${environment}`}`;
}

type ObjectiveSettings = string | { readonly percent?: string | undefined };

function settingsOf(
  objectives: Service["objectives"] | undefined,
  name: string,
): ObjectiveSettings | undefined {
  const { custom = {}, ...standard } = objectives ?? {};
  const all: Readonly<Record<string, ObjectiveSettings | undefined>> = { ...standard, ...custom };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

const CONSEQUENCES: Readonly<Record<string, string>> = {
  critical: "pages",
  warning: "opens a ticket in",
};

function alerts(args: ServiceMonitoringArgs, receivers: Surroundings["receivers"]): readonly string[] {
  const all = alertsOfService(args);
  const widest = Math.max(0, ...all.map(({ name }) => name.length));
  return all.flatMap(({ name, severity, team, summary, runbookUrl, unproven, for: pending }) => {
    const labels = { alertname: name, severity, team, service: args.service.name };
    const wait = pending === "0s" ? "" : `, after ${pending} pending`;
    const consequence = CONSEQUENCES[severity];
    const notified =
      consequence === undefined
        ? "no notification"
        : `${consequence} ${receivers(labels).join(", ") || "no receiver"}`;
    return [
      `${name.padEnd(widest)}  ${severity.padEnd(8)}  ${notified}${wait}${unproven ? ", unproven: the definition has no examples" : ""}`,
      `  ${summary.replaceAll(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, "<$1>").replaceAll(/\{\{[^{}]*\}\}/g, "<value>")}`,
      `  ${runbookUrl}`,
    ];
  });
}

/** The service of that name. Throws an InvalidInputError that lists those that there are. */
export function named<Item extends { readonly name: string }>(
  services: readonly Item[],
  name: string | undefined,
): Item {
  const service = services.find((each) => each.name === name);
  if (service !== undefined) return service;
  const names = services.map((each) => each.name);
  const near = name === undefined ? undefined : nearest(name, names);
  throw new InvalidInputError("explain", [
    {
      path: "service",
      found: shown(name),
      allowed: names.length > 0 ? `one of ${names.join(", ")}` : "none: no service is defined",
      fix: near === undefined ? "name one of them: bellwether explain <service>" : `write ${near}`,
    },
  ]);
}
