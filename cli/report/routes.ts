import {
  type AlertmanagerSettings,
  hoursInWords,
  type ReceiverSettings,
} from "../../components/alertmanager/model.ts";
import {
  type Destination,
  destinationsFor,
  type Grouping,
  WATCHDOG,
} from "../../components/alertmanager/render.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { RoutedAlert } from "../routing.ts";

/** A receiver of Alertmanager, or a contact point of Grafana. */
export interface Receiver {
  readonly name: string;
  /** Such as PagerDuty or Slack #alerts. */
  readonly kind: string;
  /** The only hours in which it is notified, in words. Left out: at every hour. */
  readonly hours?: string;
}

/** The alerts of one severity and one team that go the same way. */
export interface RouteRow {
  readonly severity: string;
  readonly team: string;
  /** The namespaces of the team, in a row of the platform's alerts about workloads in them; else empty. */
  readonly namespaces: readonly string[];
  /** The names, sorted; an alert of several services is there once. */
  readonly alerts: readonly string[];
  /** How many rules they are. */
  readonly rules: number;
  /** Empty if no receiver is notified. */
  readonly receivers: readonly Receiver[];
  /** When Alertmanager notifies; undefined without a receiver, and for alerts of Grafana. */
  readonly pace: Pick<Grouping, "groupWait" | "groupInterval" | "repeatInterval"> | undefined;
}

/** The receivers of one severity of one team, or of one alert, in each environment. */
export interface RouteComparison {
  readonly about: string;
  /** The receivers in words by environment; undefined where there is no such team. */
  readonly values: ReadonlyMap<string, string | undefined>;
}

const NO_NOTIFICATION = "no notification";

const SEVERITY_ORDER = ["critical", "warning", "info", "none"];

/** The order of severities: critical is 0. */
export function severityRank(severity: string): number {
  const index = SEVERITY_ORDER.indexOf(severity);
  return index === -1 ? SEVERITY_ORDER.length : index;
}

/** The receivers of an alert, without those that send no notifications. */
export function receiversOf(
  destinations: readonly Destination[],
  { receivers }: Pick<AlertmanagerSettings, "receivers">,
): readonly Receiver[] {
  return destinations.flatMap(({ receiver, hours }) => {
    const settings = receivers[receiver];
    if (settings === undefined) return [];
    const when = hours === undefined ? {} : { hours: hoursInWords(hours) };
    return [{ name: receiver, kind: kindOf(settings), ...when }];
  });
}

function kindOf(receiver: ReceiverSettings): string {
  switch (receiver.type) {
    case "pagerduty":
      return "PagerDuty";
    case "slack":
      return `Slack ${receiver.channel}`;
    case "email":
      return "e-mail";
    case "webhook":
      return "webhook";
    case "sns":
      return `SNS topic ${receiver.topicArn.split(":").at(-1)}`;
    case "aws-heartbeat":
      return `alarm of CloudWatch in ${receiver.region}`;
    case "local-webhook":
      return "local webhook";
  }
}

/** An alert that Grafana evaluates and sends to its own contact points. */
export interface DirectAlert {
  readonly name: string;
  readonly severity: string;
  readonly team: string;
  readonly receivers: readonly Receiver[];
}

/** One row for each severity, team and set of receivers of an environment; critical first. */
export function routeRows(
  routed: readonly RoutedAlert[],
  settings: Pick<AlertmanagerSettings, "receivers">,
  direct: readonly DirectAlert[] = [],
): readonly RouteRow[] {
  const rows = new Map<string, RouteRow & { names: Set<string>; rules: number }>();
  const add = (
    { name, severity, team, receivers }: DirectAlert,
    pace: RouteRow["pace"],
    namespaces: readonly string[] = [],
  ) => {
    const told = receivers.map(({ name: receiver, hours = "" }) => `${receiver} ${hours}`);
    const key = [severity, team, namespaces.join(), ...told].join("\u0000");
    const row = rows.get(key) ?? {
      severity,
      team,
      namespaces,
      alerts: [],
      names: new Set<string>(),
      rules: 0,
      receivers,
      pace,
    };
    row.names.add(name);
    row.rules += 1;
    rows.set(key, row);
  };
  for (const { alert, destinations, byNamespace } of routed) {
    const { severity = "none", team = "" } = alert.labels;
    for (const route of [{ team, destinations, namespaces: [] }, ...byNamespace]) {
      const receivers = receiversOf(route.destinations, settings);
      const [first] = receivers.length > 0 ? route.destinations : [];
      add({ name: alert.name, severity, team: route.team, receivers }, first?.grouping, route.namespaces);
    }
  }
  for (const alert of direct) add(alert, undefined);
  return [...rows]
    .sort(
      ([a, one], [b, other]) => severityRank(one.severity) - severityRank(other.severity) || (a < b ? -1 : 1),
    )
    .map(([, { names, ...row }]) => ({ ...row, alerts: [...names].sort() }));
}

/** The receivers in each environment, by its settings alone: of every severity of every team, the heartbeat, and the fallback receiver. */
export function routeComparison(environments: readonly Environment[]): readonly RouteComparison[] {
  const teams = [
    ...new Set(environments.flatMap(({ alertmanager }) => Object.keys(alertmanager.teams))),
  ].sort();
  const namespaces = [
    ...new Set(
      environments.flatMap(({ alertmanager }) => Object.keys(alertmanager.workloads?.namespaces ?? {})),
    ),
  ].sort();
  const compared = (
    about: string,
    of: (environment: Environment) => string | undefined,
  ): RouteComparison => ({
    about,
    values: new Map(environments.map((environment) => [environment.name, of(environment)])),
  });
  return [
    ...teams.flatMap((team) =>
      ["critical", "warning"].map((severity) =>
        compared(`${team}, ${severity}`, ({ alertmanager }) =>
          Object.hasOwn(alertmanager.teams, team) ? notifiedBy(alertmanager, { team, severity }) : undefined,
        ),
      ),
    ),
    ...namespaces.flatMap((namespace) =>
      ["critical", "warning"].map((severity) =>
        compared(`workloads in the namespace ${namespace}, ${severity}`, ({ owner, alertmanager }) =>
          notifiedBy(alertmanager, { team: owner, namespace, severity }),
        ),
      ),
    ),
    compared("info and none", ({ alertmanager }) => notifiedBy(alertmanager, { severity: "info" })),
    compared(`${WATCHDOG} (heartbeat)`, ({ alertmanager }) =>
      notifiedBy(alertmanager, { alertname: WATCHDOG, severity: "none" }),
    ),
    compared("fallback receiver", ({ alertmanager }) => notifiedBy(alertmanager, {})),
  ];
}

function notifiedBy(settings: AlertmanagerSettings, labels: Readonly<Record<string, string>>): string {
  const destinations = destinationsFor(settings, labels);
  const [first] = destinations;
  const receivers = receiversOf(destinations, settings);
  if (receivers.length === 0 || first === undefined) return NO_NOTIFICATION;
  return `${receiversInWords(receivers)}, repeated after ${first.grouping.repeatInterval}`;
}

/** `in the namespaces shop and web`. */
export function namespacesInWords(namespaces: readonly string[]): string {
  return `in the namespace${namespaces.length === 1 ? "" : "s"} ${namespaces.join(", ")}`;
}

/** `Slack #shop, only Monday to Friday 09:00 to 17:00 UTC`. */
export function kindInWords({ kind, hours }: Receiver): string {
  return hours === undefined ? kind : `${kind}, only ${hours}`;
}

/** `shop-pager (PagerDuty) and shop-chat (Slack #shop)`. */
export function receiversInWords(receivers: readonly Receiver[]): string {
  return receivers.length === 0
    ? NO_NOTIFICATION
    : receivers.map((receiver) => `${receiver.name} (${kindInWords(receiver)})`).join(" and ");
}
