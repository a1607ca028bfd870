import { runbookUrl } from "../alerts/annotations.ts";
import { CATALOGUE } from "../alerts/catalogue/index.ts";
import { type AlertsSettings, type ResolvedAlert, resolveAlerts } from "../alerts/model.ts";
import type { MeasuredTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import { SEVERITIES } from "../signals/severity.ts";
import { alertLink, type Link } from "./link.ts";
import type { Limit } from "./view.ts";

/** An alert of an environment, for the panel that it links to. */
export interface WatchingAlert {
  readonly name: string;
  /** Id of the signal that it compares. */
  readonly signal: string;
  /** Left out if the environment has no base URL for runbooks. */
  readonly runbookUrl?: string;
  /** Its threshold in this environment, if the threshold is on the scale of the panel. */
  readonly limit?: Limit;
}

/** The settings of an environment that determine its alerts and their thresholds. */
export interface WatchingAlertsArgs {
  /** Undefined: the catalogue's defaults, and no runbooks. */
  readonly settings: AlertsSettings | undefined;
  readonly cluster: MeasuredTraits;
  readonly scrapeInterval: Duration;
}

/** The alerts that compare a signal, sorted by severity and name. */
export function watchingAlerts({ settings, cluster, scrapeInterval }: WatchingAlertsArgs): WatchingAlert[] {
  const resolved = resolveAlerts({
    settings: settings ?? { runbookBaseUrl: "", overrides: {} },
    cluster,
    scrapeInterval,
  });
  return resolved
    .toSorted((a, b) => severityRank(a) - severityRank(b) || (a.name < b.name ? -1 : 1))
    .flatMap((alert) => {
      const { name, signal } = alert;
      if (signal === undefined) return [];
      const limit = limitOf(alert, signal);
      return [
        {
          name,
          signal: signal.id,
          ...(settings ? { runbookUrl: runbookUrl(name, settings) } : {}),
          ...(limit ? { limit } : {}),
        },
      ];
    });
}

function severityRank({ parameters }: ResolvedAlert): number {
  return SEVERITIES.indexOf(parameters.severity);
}

function limitOf({ threshold, parameters }: ResolvedAlert, signal: PlatformSignal): Limit | undefined {
  if (threshold === undefined || !isDrawn({ threshold }, signal)) return undefined;
  return { value: parameters.threshold, bad: threshold.comparison === "below" ? "below" : "above" };
}

/**
 * Whether the threshold of an alert is on the scale of the signal's panel: its default is the threshold of the signal. Other alerts
 * compare another value, such as a count of what the panel shows.
 */
function isDrawn({ threshold }: Pick<ResolvedAlert, "threshold">, signal: PlatformSignal): boolean {
  return threshold !== undefined && threshold.default === signal.threshold;
}

/**
 * The threshold line of a signal's panel: that of the alert with the highest severity. If no alert of the catalogue has one, that of the
 * signal. If the environment has disabled the alert, there is no line.
 */
export function limitOfSignal(signal: PlatformSignal, alerts: readonly WatchingAlert[]): Limit | undefined {
  const limit = alerts.find((alert) => alert.signal === signal.id && alert.limit)?.limit;
  if (limit !== undefined || signal.threshold === undefined) return limit;
  const switchedOff = CATALOGUE.some((alert) => alert.signal === signal && isDrawn(alert, signal));
  return switchedOff ? undefined : { value: signal.threshold, bad: signal.bad ?? "above" };
}

/** Links from a signal's panel to its alerts and their runbooks. */
export function alertLinksOf({ id }: PlatformSignal, alerts: readonly WatchingAlert[]): Link[] {
  return alerts
    .filter(({ signal }) => signal === id)
    .flatMap(({ name, runbookUrl: url }) => [
      ...(url === undefined ? [] : [{ title: `Runbook ${name}`, url }]),
      alertLink(name),
    ]);
}
