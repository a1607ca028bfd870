import { type AlertmanagerSettings, ROUTED_SEVERITIES } from "../components/alertmanager/model.ts";
import { type Destination, destinationsFor } from "../components/alertmanager/render.ts";
import { Recorded } from "../components/lint/recorded.ts";
import { has } from "../components/lint/results/label-set.ts";
import { labelsOf } from "../components/lint/results/labels.ts";
import { parseQuery } from "../components/promql/parse.ts";
import type { RecordedAlert } from "./artefacts/alerting.ts";

/** The receivers of an alert, and what is wrong with its route. */
export interface RoutedAlert {
  readonly alert: RecordedAlert;
  readonly destinations: readonly Destination[];
  /** Where it goes instead if it is about a workload in a namespace that another team owns. */
  readonly byNamespace: readonly NamespaceRoute[];
  /** As a sentence without its full stop; undefined if nothing is wrong. */
  readonly problem: string | undefined;
}

/** The receivers of an alert about workloads in the namespaces of a team. */
interface NamespaceRoute {
  readonly team: string;
  readonly namespaces: readonly string[];
  readonly destinations: readonly Destination[];
}

/** The severities of which a receiver must be notified. */
const NOTIFIED: ReadonlySet<string> = new Set(ROUTED_SEVERITIES);

/**
 * Walks every alert through the routing tree, with the labels that it will have: its own and the external ones. A critical or
 * warning alert has to match a route of its team and end at a receiver that sends notifications. The receiver of the root is only
 * the fallback.
 */
export function routeAlerts(
  alerts: readonly RecordedAlert[],
  settings: AlertmanagerSettings,
  externalLabels: Readonly<Record<string, string>>,
): readonly RoutedAlert[] {
  return alerts.map((alert) => {
    const labels = { ...externalLabels, ...alert.labels, alertname: alert.name };
    const destinations = destinationsFor(settings, labels);
    const byNamespace = namespaceRoutes(alert, labels, settings);
    return { alert, destinations, byNamespace, problem: problemOf(alert, destinations, settings) };
  });
}

function namespaceRoutes(
  { expr, labels: { team, severity = "" } }: RecordedAlert,
  labels: Readonly<Record<string, string>>,
  settings: AlertmanagerSettings,
): readonly NamespaceRoute[] {
  const { owner, namespaces = {} } = settings.workloads ?? {};
  if (team !== owner || !NOTIFIED.has(severity) || !keepsNamespace(expr)) return [];
  return [...new Set(Object.values(namespaces))].sort().map((one) => {
    const its = Object.keys(namespaces).filter((namespace) => namespaces[namespace] === one);
    const destinations = destinationsFor(settings, { ...labels, namespace: its[0] ?? "" });
    return { team: one, namespaces: its, destinations };
  });
}

/** Whether an alert can say which namespace it is about. */
function keepsNamespace(query: string): boolean {
  try {
    return has(labelsOf(parseQuery(query), NO_RECORDS, "any"), "namespace");
  } catch {
    return false;
  }
}

const NO_RECORDS = new Recorded([]);

function problemOf(
  { name, labels }: RecordedAlert,
  destinations: readonly Destination[],
  settings: AlertmanagerSettings,
): string | undefined {
  const severity = labels["severity"];
  if (severity === undefined) return `${name} has no label severity, so it matches no route of a team`;
  if (!NOTIFIED.has(severity)) return undefined;
  const team = labels["team"];
  if (team === undefined || !Object.hasOwn(settings.teams, team))
    return `${name} is ${severity} and has ${team === undefined ? "no label team" : `the label team ${team}, which is no team of the environment`}: only the fallback receiver ${settings.fallback} would be notified`;
  const notifying = destinations.filter(
    ({ receiver, depth }) => depth > 0 && Object.hasOwn(settings.receivers, receiver),
  );
  if (notifying.length === 0)
    return `${name} is ${severity} and ends at ${destinations.map(({ receiver }) => receiver).join(", ")}, which no route below the root leads to`;
  return undefined;
}
