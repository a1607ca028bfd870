import { runbookUrl } from "../alerts/annotations.ts";
import { CATALOGUE } from "../alerts/catalogue/index.ts";
import { type AlertsSettings, type ResolvedAlert, resolveAlerts } from "../alerts/model.ts";
import type { MeasuredTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import type { PlatformSignal } from "../signals/platform.ts";
import { SEVERITIES } from "../signals/severity.ts";
import { alertLink, type Link } from "./link.ts";
import type { Limit } from "./view.ts";

/** What an alert of one environment means to the panel that it links to. */
export interface WatchingAlert {
  readonly name: string;
  /** Id of the signal that it watches. */
  readonly signal: string;
  /** Left out where nobody said where runbooks are served. */
  readonly runbookUrl?: string;
  /** Its limit in this environment, where the catalogue's limit is what the signal draws. */
  readonly limit?: Limit;
}

/** Which alerts an environment has, and with which limits. */
export interface WatchingAlertsArgs {
  /** Left out: the catalogue as it is, and no runbooks. */
  readonly settings: AlertsSettings | undefined;
  readonly cluster: MeasuredTraits;
  readonly scrapeInterval: Duration;
}

/** The alerts that watch a signal, the loudest first and then by name. */
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
 * An alert's limit is on the drawn scale where its default is the value that the signal draws: an alert may also count what
 * the panel shows in detail. What the environment put in the default's place is then on that scale as well.
 */
function isDrawn({ threshold }: Pick<ResolvedAlert, "threshold">, signal: PlatformSignal): boolean {
  return threshold !== undefined && threshold.default === signal.threshold;
}

/**
 * The limit that a signal's panel draws: that of the loudest alert which has one; where no alert of the catalogue has, the
 * signal's own. An alert that the environment has switched off takes its limit with it:
 * nothing happens there.
 */
export function limitOfSignal(signal: PlatformSignal, alerts: readonly WatchingAlert[]): Limit | undefined {
  const limit = alerts.find((alert) => alert.signal === signal.id && alert.limit)?.limit;
  if (limit !== undefined || signal.threshold === undefined) return limit;
  const switchedOff = CATALOGUE.some((alert) => alert.signal === signal && isDrawn(alert, signal));
  return switchedOff ? undefined : { value: signal.threshold, bad: signal.bad ?? "above" };
}

/** The way back from a signal's panel to the alerts that link to it, and to their runbooks. */
export function alertLinksOf({ id }: PlatformSignal, alerts: readonly WatchingAlert[]): Link[] {
  return alerts
    .filter(({ signal }) => signal === id)
    .flatMap(({ name, runbookUrl: url }) => [
      ...(url === undefined ? [] : [{ title: `Runbook ${name}`, url }]),
      alertLink(name),
    ]);
}
