import { type AlertmanagerSettings, ROUTED_SEVERITIES } from "../components/alertmanager/model.ts";
import { type Destination, destinationsFor } from "../components/alertmanager/render.ts";
import type { RecordedAlert } from "./artefacts/alerting.ts";

/** Where an alert goes, and what is wrong with that. */
export interface RoutedAlert {
  readonly alert: RecordedAlert;
  readonly destinations: readonly Destination[];
  /** As a sentence without its full stop; undefined where nothing is wrong. */
  readonly problem: string | undefined;
}

/** The severities that somebody must hear of. */
const HEARD: ReadonlySet<string> = new Set(ROUTED_SEVERITIES);

/**
 * Walks every alert through the routing tree, with the labels that it will carry: its own and the external ones. An alert that
 * a person must hear of has to end at a receiver that exists and notifies somebody. An alert without a team would fall to
 * the root's receiver, which is a safety net and no answer.
 */
export function routeAlerts(
  alerts: readonly RecordedAlert[],
  settings: AlertmanagerSettings,
  externalLabels: Readonly<Record<string, string>>,
): readonly RoutedAlert[] {
  return alerts.map((alert) => {
    const labels = { ...externalLabels, ...alert.labels, alertname: alert.name };
    const destinations = destinationsFor(settings, labels);
    return { alert, destinations, problem: problemOf(alert, destinations, settings) };
  });
}

function problemOf(
  { name, labels }: RecordedAlert,
  destinations: readonly Destination[],
  settings: AlertmanagerSettings,
): string | undefined {
  const severity = labels["severity"];
  if (severity === undefined) return `${name} has no label severity, so nothing decides who hears of it`;
  if (!HEARD.has(severity)) return undefined;
  const team = labels["team"];
  if (team === undefined || !Object.hasOwn(settings.teams, team))
    return `${name} is ${severity} and belongs to ${team === undefined ? "no team" : `${team}, which is no team`}: only the safety net ${settings.fallback} would hear of it`;
  const notifying = destinations.filter(
    ({ receiver, depth }) => depth > 0 && Object.hasOwn(settings.receivers, receiver),
  );
  if (notifying.length === 0)
    return `${name} is ${severity} and ends at ${destinations.map(({ receiver }) => receiver).join(", ")}, where no route below the root notifies anybody`;
  return undefined;
}
