import { type Duration, duration, seconds } from "../core/duration.ts";
import { repeatWithin, type WorkingHours } from "./hours.ts";
import type { WorkloadOwners } from "./ownership.ts";
import {
  type AlertmanagerSettings,
  NULL_RECEIVER,
  ROUTED_SEVERITIES,
  type RoutedSeverity,
} from "./settings.ts";
import { SUBJECT_LABELS } from "./subjects.ts";

/** A label that must hold one of the values. One value is compared, several become an anchored alternative. */
export interface Matcher {
  readonly label: string;
  readonly values: readonly [string, ...string[]];
}

/** How alerts become notifications: which share one, and how long each step waits. */
export interface Grouping {
  /** Alerts that agree on these labels share a notification. */
  readonly groupBy: readonly string[];
  /** How long the first notification of a group waits for company. */
  readonly groupWait: Duration;
  /** How long an alert that joins a group waits to be told. */
  readonly groupInterval: Duration;
  /** How long a notification that nothing changed stays unrepeated. */
  readonly repeatInterval: Duration;
}

/** A node of the routing tree. */
export interface Route {
  readonly matchers: readonly Matcher[];
  /** Left out, alerts that match no route below end at the parent's receiver. */
  readonly receiver?: string;
  readonly grouping?: Grouping;
  /** Outside its hours a route sends nothing. Left out, it sends at every hour. */
  readonly hours?: RouteHours;
  /** Whether an alert that matched goes on to the next sibling. */
  readonly continue?: true;
  readonly routes: readonly Route[];
}

/** The hours of a team's tickets. */
interface RouteHours {
  readonly team: string;
  readonly hours: WorkingHours;
}

/** The name of the alert that always fires. */
export const WATCHDOG = "Watchdog";

/**
 * A page leaves after 15 s: long enough for the alerts of one failing node to arrive together, and short against the
 * minute that detection takes. An alert about another thing is a page of its own, because an incident that is already
 * open, and acknowledged, does not notify again. A label that an alert lacks groups as an empty one. A ticket can wait
 * two minutes, in which a page may come that makes it needless, and gathers all things, so that the loss of a zone is one
 * ticket for each alert and not one for each pod: a group of tickets notifies again when an alert joins it. Repeats are
 * for what was overlooked: a page after four hours, a ticket the next day.
 */
const GROUPING: Readonly<Record<RoutedSeverity, Grouping>> = {
  critical: {
    groupBy: SUBJECT_LABELS,
    groupWait: "15s",
    groupInterval: "2m",
    repeatInterval: "4h",
  },
  warning: {
    groupBy: ["cluster", "alertname", "service"],
    groupWait: "2m",
    groupInterval: "10m",
    repeatInterval: "1d",
  },
};

/** The one tree: heartbeat, what reaches nobody, then each team's severities; the root catches what is left. */
export function routingTree(settings: AlertmanagerSettings): Route {
  return {
    matchers: [],
    receiver: settings.fallback,
    grouping: GROUPING.warning,
    routes: [
      heartbeatRoute(settings),
      { matchers: [{ label: "severity", values: ["info", "none"] }], receiver: NULL_RECEIVER, routes: [] },
      ...Object.keys(settings.teams)
        .sort()
        .map((team) => teamRoute(team, settings)),
    ],
  };
}

/** Repeats are only looked at once a group interval, so that must be a fraction of the heartbeat's. */
function heartbeatRoute({ heartbeat }: AlertmanagerSettings): Route {
  const interval = seconds(heartbeat.interval);
  return {
    matchers: [{ label: "alertname", values: [WATCHDOG] }],
    receiver: heartbeat.receiver,
    grouping: {
      groupBy: ["cluster", "alertname"],
      groupWait: "0s",
      groupInterval: duration(Math.min(60, interval / 4)),
      repeatInterval: heartbeat.interval,
    },
    routes: [],
  };
}

function teamRoute(team: string, settings: AlertmanagerSettings): Route {
  const { workloads } = settings;
  return {
    matchers: [{ label: "team", values: [team] }],
    routes: [
      ...(workloads?.owner === team ? namespaceRoutes(workloads, settings) : []),
      ...severitiesRoutes(team, settings),
    ],
  };
}

function severitiesRoutes(team: string, { teams }: AlertmanagerSettings): readonly Route[] {
  return ROUTED_SEVERITIES.flatMap((severity) => {
    const hours = teams[team]?.hours?.[severity];
    return severityRoutes(severity, teams[team]?.[severity] ?? [], hours && { team, hours });
  });
}

/** The platform's alerts about what runs in a namespace go to the team that owns it: it can mend it, and the platform cannot. */
function namespaceRoutes({ namespaces }: WorkloadOwners, settings: AlertmanagerSettings): readonly Route[] {
  return [...new Set(Object.values(namespaces))].sort().map((team) => {
    const [first = "", ...others] = Object.keys(namespaces)
      .filter((namespace) => namespaces[namespace] === team)
      .sort();
    return {
      matchers: [{ label: "namespace", values: [first, ...others] }],
      routes: severitiesRoutes(team, settings),
    };
  });
}

/** A route notifies one receiver, so several are siblings of which all but the last go on. */
function severityRoutes(
  severity: RoutedSeverity,
  receivers: readonly string[],
  hours: RouteHours | undefined,
): readonly Route[] {
  const usual = GROUPING[severity];
  return receivers.map((receiver, index) => ({
    matchers: [{ label: "severity", values: [severity] }],
    receiver,
    grouping: hours === undefined ? usual : { ...usual, repeatInterval: repeatWithin(hours.hours) },
    ...(hours === undefined ? {} : { hours }),
    ...(index < receivers.length - 1 ? { continue: true as const } : {}),
    routes: [],
  }));
}

/** Where an alert ends: a receiver, how its notifications are grouped, and how far below the root the route stands that names it. */
export interface Destination {
  readonly receiver: string;
  readonly grouping: Grouping;
  /** The only hours in which it is notified. Left out: at every hour. */
  readonly hours?: WorkingHours;
  /** 0 is the root, which catches what nobody thought of. */
  readonly depth: number;
}

/** The ends of an alert with these labels, in the tree's order: the same walk as Alertmanager's, which the tests hold against amtool. */
export function destinationsFor(
  settings: AlertmanagerSettings,
  labels: Readonly<Record<string, string>>,
): readonly Destination[] {
  const root = { receiver: settings.fallback, grouping: GROUPING.warning, depth: 0 };
  return endsOf(routingTree(settings), labels, root, 0);
}

/** The receivers that an alert with these labels reaches, in the tree's order. */
export function receiversFor(
  settings: AlertmanagerSettings,
  labels: Readonly<Record<string, string>>,
): readonly string[] {
  return destinationsFor(settings, labels).map(({ receiver }) => receiver);
}

function endsOf(
  route: Route,
  labels: Readonly<Record<string, string>>,
  inherited: Destination,
  depth: number,
): readonly Destination[] {
  const { receiver, grouping = inherited.grouping, hours } = route;
  const here: Destination =
    receiver === undefined
      ? { ...inherited, grouping }
      : { receiver, grouping, depth, ...(hours === undefined ? {} : { hours: hours.hours }) };
  const ends: Destination[] = [];
  for (const child of route.routes) {
    if (!child.matchers.every((matcher) => matches(matcher, labels))) continue;
    ends.push(...endsOf(child, labels, here, depth + 1));
    if (child.continue !== true) break;
  }
  return ends.length > 0 ? ends : [here];
}

function matches({ label, values }: Matcher, labels: Readonly<Record<string, string>>): boolean {
  return values.includes((Object.hasOwn(labels, label) ? labels[label] : undefined) ?? "");
}
