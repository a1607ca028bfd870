import { InvalidInputError, shown } from "../components/core/problems.ts";
import { nearest } from "../components/core/validation.ts";
import type { ServiceMonitoringArgs } from "../components/service/arguments.ts";
import { type Service, slosOf } from "../components/service/model.ts";
import { alertsOfService, promisesOfService, renderService } from "../components/service/render.ts";
import type { Slo } from "../components/slo/model.ts";
import type { Paint } from "./paint.ts";
import { PROMISE_COLUMNS, promiseRow } from "./report/promises.ts";

/** What an explanation needs to know of the environment, beside what the service is rendered from. */
export interface Surroundings {
  readonly args: ServiceMonitoringArgs & { readonly namespace: string };
  /** Whom an alert with these labels reaches, each as people know it: `shop-pager (pagerduty)`. */
  readonly receivers: (labels: Readonly<Record<string, string>>) => readonly string[];
}

/** What a service is, whatever the environment. */
export function introduction({ name, owner, tier, description, namespace }: Service, paint: Paint): string {
  return [
    paint.bold(`${name}: ${description}`),
    `Owner ${owner}, tier ${tier}, namespace ${namespace}.`,
  ].join("\n");
}

/** What the platform watches, promises, tells and draws for a service in an environment, and why. */
export function explanation({ args, receivers }: Surroundings, paint: Paint): string {
  const blocks = [
    block("Watched", watched(args), paint),
    block("Promised", promised(args), paint),
    block("Told", told(args, receivers), paint),
    block("Drawn", drawn(args), paint),
  ];
  return [paint.bold(args.environment), ...blocks].join("\n");
}

function block(title: string, lines: readonly string[], paint: Paint): string {
  return [`  ${paint.bold(title)}`, ...lines.map((line) => `    ${line}`)].join("\n");
}

/** A Kubernetes object that scrapes or probes, as far as it is told of here. */
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

function watched(args: Surroundings["args"]): readonly string[] {
  const { rules: _, ...objects } = renderService(args);
  const scrapers = (Object.values(objects) as readonly (Scraper | undefined)[]).filter(
    (object) => object !== undefined,
  );
  if (scrapers.length === 0)
    return ["nothing is scraped for it: its own queries read what something else scrapes"];
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
      labels.length > 0 ? `: what has the label ${labels.join(", ")} in the namespace ${where}` : "";
    return [`${kind} ${metadata?.name}${found}`, ...endpoints, ...targets];
  });
}

function promised(args: ServiceMonitoringArgs): readonly string[] {
  const promises = promisesOfService(args);
  const slos = slosOf(args.service, args.environment);
  return slos.flatMap((slo, index) => {
    const promise = promises[index];
    const row = promise === undefined ? undefined : promiseRow(promise);
    const [, , ...rates] = PROMISE_COLUMNS;
    return [
      `${slo.name}: ${row?.objective ?? slo.objective} (${sourceOf(slo, args)})`,
      ...(row?.told ?? []).map((text, rate) => `  ${rates[rate]?.toLowerCase()}: ${text}`),
      ...(row === undefined ? [] : [`  minimum traffic: ${row.traffic}; cost: ${row.cost}`]),
    ];
  });
}

/** Who decided on an objective. */
function sourceOf({ name }: Slo, { service, environment }: ServiceMonitoringArgs): string {
  const { environments, objectives, tier } = service;
  const here = Object.hasOwn(environments, environment) ? environments[environment]?.objectives : undefined;
  const says = (promises: object | undefined) => {
    const { custom, ...rest } = (promises ?? {}) as { readonly custom?: object };
    return ({ ...rest, ...custom } as Readonly<Record<string, unknown>>)[name] !== undefined;
  };
  if (says(here)) return `the definition says so for ${environment}`;
  return says(objectives) ? "the definition says so" : `the default of tier ${tier}`;
}

const CONSEQUENCES: Readonly<Record<string, string>> = { critical: "pages", warning: "opens a ticket at" };

function told(args: ServiceMonitoringArgs, receivers: Surroundings["receivers"]): readonly string[] {
  const alerts = alertsOfService(args);
  const widest = Math.max(0, ...alerts.map(({ name }) => name.length));
  return alerts.flatMap(({ name, severity, team, summary, runbookUrl, for: pending }) => {
    const labels = { alertname: name, severity, team, service: args.service.name };
    const wait = pending === "0s" ? "" : ` once it has held for ${pending}`;
    const consequence = CONSEQUENCES[severity];
    const who =
      consequence === undefined
        ? "reaches nobody: it is context"
        : `${consequence} ${receivers(labels).join(", ") || "nobody"}${wait}`;
    return [
      `${name.padEnd(widest)}  ${severity.padEnd(8)}  ${who}`,
      `  ${summary.replaceAll(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, "<$1>").replaceAll(/\{\{[^{}]*\}\}/g, "<value>")}`,
      `  ${runbookUrl}`,
    ];
  });
}

/** What the alerts lead to: a dashboard's address stands in each alert that it explains. */
function drawn(args: Surroundings["args"]): readonly string[] {
  const { rules } = renderService(args);
  const links = Object.values(rules)
    .flatMap(({ spec }) => spec?.groups ?? [])
    .flatMap((group) => group.rules ?? [])
    .flatMap(({ annotations }) => annotations?.["dashboard_url"] ?? []);
  const boards = [...new Set(links.map((link) => link.replace(/[?#].*$/, "")))];
  return boards.length > 0 ? boards : ["no dashboard that its alerts lead to"];
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
      allowed: names.length > 0 ? `one of ${names.join(", ")}` : "nothing: no service is defined",
      fix: near === undefined ? "name one of them: bellwether explain <service>" : `write ${near}`,
    },
  ]);
}
