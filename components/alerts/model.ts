import { z } from "zod";
import type { MeasuredTraits } from "../cluster/model.ts";
import { seconds } from "../core/duration.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, decimal, durationBetween, httpsUrl, named, text, toggle } from "../core/schema.ts";
import { nearest } from "../core/validation.ts";
import { absentJobs } from "../signals/jobs.ts";
import type { PanelRef } from "../signals/panels.ts";
import type { Severity } from "../signals/severity.ts";
import { CATALOGUE, type CataloguedAlert } from "./catalogue/index.ts";
import type { AlertParameters, Threshold } from "./definition.ts";

export type {
  PromtoolAlertTest,
  PromtoolCase,
  PromtoolTestFile,
} from "../core/promtool.ts";

const alertName = () =>
  text(/^[A-Z][A-Za-z0-9]{2,79}$/, "the name of an alert in PascalCase, such as KubeNodeNotReady");

/** What an environment may change of one alert of the catalogue. A field that is left out keeps the catalogue's default. */
const alertOverride = z.strictObject({
  enabled: toggle().optional().meta({ description: "Whether the alert exists." }),
  threshold: decimal(0, 1e12, "the unit is the alert's")
    .optional()
    .meta({ description: "Threshold of the alert." }),
  for: durationBetween("0s", "2d")
    .optional()
    .meta({ description: "How long the condition must be true before the alert fires." }),
  severity: choice(["critical", "warning", "info"])
    .optional()
    .meta({ description: "Severity of the alert." }),
});

export const alertsSettings = z.strictObject({
  runbookBaseUrl: httpsUrl().meta({
    description: "URL at which docs/runbooks is published. The runbook of an alert is `<base>/<Alert>.md`.",
  }),
  overrides: named(alertName(), alertOverride).meta({
    description: "Overrides of the alert catalogue, by the name of the alert.",
  }),
});

export type AlertsSettings = z.output<typeof alertsSettings>;
export type AlertOverride = z.output<typeof alertOverride>;

/** An alert as reports show it: of the platform, or of a service. */
export interface ReportedAlert {
  readonly name: string;
  readonly severity: Severity;
  /** The team to which it is routed. */
  readonly team: string;
  /** How long its condition must be true: a Prometheus duration. */
  readonly for: string;
  /** A template in Prometheus' form. */
  readonly summary: string;
  readonly runbookUrl: string;
  readonly panel?: PanelRef;
  readonly expr: string;
  /** An area of the platform, or a service. */
  readonly group: string;
  /** Nothing tests when it fires: an alert of a team without examples. */
  readonly unproven?: boolean;
}

/** An alert of the catalogue with the numbers of one environment. */
export interface ResolvedAlert extends CataloguedAlert {
  readonly parameters: AlertParameters;
}

/** The part of an environment on which the catalogue depends. */
export interface AlertsContext {
  readonly settings: AlertsSettings;
  readonly cluster: MeasuredTraits;
  /** Scrape and evaluation interval: a Prometheus duration. */
  readonly scrapeInterval: AlertParameters["scrapeInterval"];
}

/** The alerts that exist in an environment, with its numbers, in the catalogue's order. */
export function resolveAlerts({ settings, cluster, scrapeInterval }: AlertsContext): ResolvedAlert[] {
  return CATALOGUE.flatMap((alert) => {
    const override = settings.overrides[alert.name] ?? {};
    if (override.enabled === false || !isPossible(alert, cluster)) return [];
    const parameters: AlertParameters = {
      threshold: override.threshold ?? alert.threshold?.default ?? 0,
      for: override.for ?? alert.for,
      severity: override.severity ?? alert.severity,
      scrapeInterval,
      ...(cluster.shards !== undefined && { shards: cluster.shards }),
    };
    return [{ ...alert, parameters }];
  });
}

function isPossible(alert: CataloguedAlert, cluster: AlertsContext["cluster"]): boolean {
  return missingFor(alert, cluster) === undefined;
}

const NEEDS = {
  "remote-write": "remote write",
  thanos: "Thanos",
  "thanos-ruler": "Thanos Ruler, which prometheus.rules: store starts",
  shards: "prometheus.shards above 1",
} as const;

/** What an alert needs that the cluster does not have; undefined if it has everything. */
function missingFor({ jobs, needs }: CataloguedAlert, cluster: AlertsContext["cluster"]): string | undefined {
  const has: readonly unknown[] = [cluster.store, cluster.evaluator, cluster.shards && "shards"];
  if (needs !== undefined && !has.includes(needs)) return NEEDS[needs];
  const absent = absentJobs(cluster);
  const missing = jobs.filter((job) => absent.includes(job));
  return missing.length === 0 ? undefined : `metrics of ${missing.join(" and ")}`;
}

/** The problems of an environment's overrides: alerts that do not exist, limits out of bounds. */
export function alertsProblems(settings: AlertsSettings, path: string, cluster: MeasuredTraits): Problem[] {
  return Object.entries(settings.overrides).flatMap(([name, override]) => {
    const at = joinPath(path, ["overrides", name]);
    const alert = CATALOGUE.find((candidate) => candidate.name === name);
    if (alert === undefined) return [unknownAlert(at, name)];
    if (!isPossible(alert, cluster)) return [impossibleAlert(at, alert, cluster)];
    if (alert.fixed) return [fixedAlert(at, name)];
    return [
      ...thresholdProblems(at, alert, override),
      ...durationProblems(at, alert, override),
      ...uselessProblems(at, name, override),
    ];
  });
}

function unknownAlert(path: string, name: string): Problem {
  const names = CATALOGUE.map((alert) => alert.name);
  const near = nearest(name, names);
  return {
    path,
    found: `the alert ${shown(name)}, which is not in the catalogue`,
    allowed: "the name of an alert of the catalogue; docs/runbooks/README.md lists them",
    fix: near === undefined ? "remove it" : `rename it to ${near}`,
  };
}

function impossibleAlert(path: string, alert: CataloguedAlert, cluster: AlertsContext["cluster"]): Problem {
  return {
    path,
    found: `${alert.name}, which needs ${missingFor(alert, cluster)}`,
    allowed:
      alert.needs !== undefined && missingFor(alert, cluster) === NEEDS[alert.needs]
        ? `an alert that does not need ${NEEDS[alert.needs]}: ${without(alert.needs, cluster)}`
        : `an alert whose metrics are available on a ${cluster.distribution} cluster`,
    fix: "remove it",
  };
}

function without(needs: NonNullable<CataloguedAlert["needs"]>, { store }: AlertsContext["cluster"]): string {
  if (needs === "shards") return "there is one shard";
  if (needs === "thanos-ruler") return "Prometheus evaluates the rules";
  return `prometheus.store is ${store === undefined ? "none" : "another one"}`;
}

function fixedAlert(path: string, name: string): Problem {
  return {
    path,
    found: `a change of ${name}`,
    allowed: "no change: other parts of alerting depend on this alert",
    fix: "remove it",
  };
}

function thresholdProblems(
  path: string,
  { name, threshold }: CataloguedAlert,
  override: AlertOverride,
): Problem[] {
  const value = override.threshold;
  if (value === undefined) return [];
  const at = joinPath(path, ["threshold"]);
  if (threshold === undefined) {
    const allowed = `nothing: ${name} has no threshold`;
    return [{ path: at, found: shown(value), allowed, fix: "remove it" }];
  }
  if (isWithinBounds(value, threshold)) return [];
  return [
    { path: at, found: shown(value), allowed: boundsOf(threshold), fix: "change it to what is allowed" },
  ];
}

function durationProblems(
  path: string,
  { name, longestFor }: CataloguedAlert,
  override: AlertOverride,
): Problem[] {
  if (longestFor === undefined || override.for === undefined) return [];
  if (seconds(override.for) <= seconds(longestFor)) return [];
  const allowed = `a duration up to ${longestFor}: with a longer one, ${name} could never fire, because its query sees an event only for a limited time`;
  return [{ path: joinPath(path, ["for"]), found: shown(override.for), allowed, fix: "shorten it" }];
}

function isWithinBounds(value: number, { min, max, unit }: Threshold): boolean {
  return value >= min && value <= max && (unit !== "count" || Number.isInteger(value));
}

function boundsOf({ min, max, unit, means }: Threshold): string {
  const kinds = {
    share: "a share",
    count: "a whole number",
    seconds: "a number of seconds",
    hours: "a number of hours",
  };
  return `${kinds[unit]} from ${min} to ${max}: ${means}`;
}

/** Beside `enabled: false`, every other field has no effect. */
function uselessProblems(path: string, name: string, override: AlertOverride): Problem[] {
  if (override.enabled !== false) return [];
  return Object.keys(override)
    .filter((field) => field !== "enabled")
    .map((field) => ({
      path: joinPath(path, [field]),
      found: `${field} of a disabled alert`,
      allowed: `nothing, because ${name} is disabled`,
      fix: `remove ${field}, or remove enabled`,
    }));
}
