import type { AlertmanagerSettings, ReceiverSettings } from "../../components/alertmanager/model.ts";
import {
  type Destination,
  destinationsFor,
  type Grouping,
  WATCHDOG,
} from "../../components/alertmanager/render.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { RoutedAlert } from "../routing.ts";

/** Somebody who is told, and by what. */
export interface Receiver {
  readonly name: string;
  /** Such as PagerDuty or Slack #alerts. */
  readonly kind: string;
}

/** The alerts of one severity and one team that go the same way. */
export interface RouteRow {
  readonly severity: string;
  readonly team: string;
  /** The names, sorted; an alert of several services is there once. */
  readonly alerts: readonly string[];
  /** How many rules they are. */
  readonly rules: number;
  /** Nobody where the list is empty. */
  readonly receivers: readonly Receiver[];
  /** How long notifications wait; undefined where nobody is told. */
  readonly pace: Pick<Grouping, "groupWait" | "groupInterval" | "repeatInterval"> | undefined;
}

/** Who hears of one severity of one team, or of one alert, in each environment. */
export interface RouteComparison {
  readonly about: string;
  /** The receivers in words by environment; undefined where there is no such team. */
  readonly values: ReadonlyMap<string, string | undefined>;
}

const SEVERITY_ORDER = ["critical", "warning", "info", "none"];

/** Where a severity stands among the others: the loudest is 0. */
export function severityRank(severity: string): number {
  const index = SEVERITY_ORDER.indexOf(severity);
  return index === -1 ? SEVERITY_ORDER.length : index;
}

/** The receivers at which an alert ends, without those that notify nobody. */
export function receiversOf(
  destinations: readonly Destination[],
  { receivers }: Pick<AlertmanagerSettings, "receivers">,
): readonly Receiver[] {
  return destinations.flatMap(({ receiver }) => {
    const settings = receivers[receiver];
    return settings === undefined ? [] : [{ name: receiver, kind: kindOf(settings) }];
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
    case "local-webhook":
      return "local webhook";
  }
}

/** The matrix of one environment: severity and team on one side, who is told on the other; loudest first. */
export function routeRows(
  routed: readonly RoutedAlert[],
  settings: Pick<AlertmanagerSettings, "receivers">,
): readonly RouteRow[] {
  const rows = new Map<string, RouteRow & { names: Set<string>; rules: number }>();
  for (const { alert, destinations } of routed) {
    const { severity = "none", team = "" } = alert.labels;
    const receivers = receiversOf(destinations, settings);
    const key = [severity, team, ...receivers.map(({ name }) => name)].join("\u0000");
    const [first] = receivers.length > 0 ? destinations : [];
    const row = rows.get(key) ?? {
      severity,
      team,
      alerts: [],
      names: new Set<string>(),
      rules: 0,
      receivers,
      pace: first?.grouping,
    };
    row.names.add(alert.name);
    row.rules += 1;
    rows.set(key, row);
  }
  return [...rows]
    .sort(
      ([a, one], [b, other]) => severityRank(one.severity) - severityRank(other.severity) || (a < b ? -1 : 1),
    )
    .map(([, { names, ...row }]) => ({ ...row, alerts: [...names].sort() }));
}

/** Who would hear of what in each environment, by its settings alone: every severity of every team, the heartbeat, and the safety net. */
export function routeComparison(environments: readonly Environment[]): readonly RouteComparison[] {
  const teams = [
    ...new Set(environments.flatMap(({ alertmanager }) => Object.keys(alertmanager.teams))),
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
          Object.hasOwn(alertmanager.teams, team) ? toldOf(alertmanager, { team, severity }) : undefined,
        ),
      ),
    ),
    compared("info and none", ({ alertmanager }) => toldOf(alertmanager, { severity: "info" })),
    compared(WATCHDOG, ({ alertmanager }) => toldOf(alertmanager, { alertname: WATCHDOG, severity: "none" })),
    compared("safety net", ({ alertmanager }) => toldOf(alertmanager, {})),
  ];
}

function toldOf(settings: AlertmanagerSettings, labels: Readonly<Record<string, string>>): string {
  const destinations = destinationsFor(settings, labels);
  const [first] = destinations;
  const receivers = receiversOf(destinations, settings);
  if (receivers.length === 0 || first === undefined) return "nobody";
  return `${receiversInWords(receivers)}, again after ${first.grouping.repeatInterval}`;
}

/** `shop-pager (PagerDuty) and shop-chat (Slack #shop)`. */
export function receiversInWords(receivers: readonly Receiver[]): string {
  return receivers.length === 0
    ? "nobody"
    : receivers.map(({ name, kind }) => `${name} (${kind})`).join(" and ");
}
