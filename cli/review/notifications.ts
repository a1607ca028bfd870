import { count } from "../report/numbers.ts";
import { receiversInWords } from "../report/routes.ts";
import { isNotified } from "../report/sentences.ts";
import { type AlertPair, called, causeOf, type MatchedAlerts } from "./alerts.ts";
import type { Change, Kind } from "./change.ts";
import type { EnvironmentModel, ModelAlert } from "./model.ts";

/** Who is told of an alert, everywhere or in some namespaces. */
interface Way {
  readonly namespaces: string;
  readonly before: string;
  readonly after: string;
}

/** Alerts whose receivers are others, by team, severity and receivers; and alerts that only the fallback receiver would be told of. */
export function notificationChanges(
  { pairs, added }: MatchedAlerts,
  model: Pick<EnvironmentModel, "alerts">,
): readonly Change[] {
  const groups = new Map<
    string,
    { readonly pair: AlertPair; readonly way: Way; readonly names: Set<string> }
  >();
  for (const pair of pairs)
    for (const way of waysOf(pair)) {
      const key = JSON.stringify([pair.after.team, pair.before.severity, pair.after.severity, way]);
      const group = groups.get(key) ?? { pair, way, names: new Set<string>() };
      group.names.add(called(pair.after));
      groups.set(key, group);
    }
  const everywhere = ({ way }: { readonly way: Way }) => Number(way.namespaces !== "");
  const told = [...groups.values()]
    .sort((a, b) => everywhere(a) - everywhere(b))
    .map(({ pair, way, names }): Change => {
      const { severity, team } = pair.after;
      const where = way.namespaces === "" ? "" : ` in the namespaces ${way.namespaces}`;
      return {
        kind: kindOf(pair, way),
        about: `${count(names.size, `${severity} alert`)} of the team ${team}${where}${few(names)}`,
        details: names.size > FEW ? [...names].sort().map((name) => ({ label: name })) : [],
        what: inWordsOfWay(pair, way, names.size === 1),
        cause: { setting: `alertmanager.teams.${team}` },
      };
    });
  const known = new Set(
    pairs.filter(({ before }) => before.problem !== undefined).map(({ after }) => called(after)),
  );
  const unrouted = model.alerts
    .filter((alert) => alert.problem !== undefined && !known.has(called(alert)))
    .map(
      (alert): Change => ({
        kind: "unrouted",
        about: called(alert),
        what: `${alert.problem}`,
        cause: causeOf(alert),
      }),
    );
  const silent = added.filter(
    (alert) => isNotified(alert.severity) && alert.receivers.length === 0 && alert.problem === undefined,
  );
  return [
    ...told,
    ...unrouted,
    ...silent.map(
      (alert): Change => ({
        kind: "unrouted",
        about: called(alert),
        what: `is ${alert.severity} and has no receiver`,
        cause: causeOf(alert),
      }),
    ),
  ];
}

function waysOf({ before, after }: AlertPair): readonly Way[] {
  if (!isNotified(before.severity) && !isNotified(after.severity)) return [];
  const ways: Way[] = [
    { namespaces: "", before: receiversInWords(before.receivers), after: receiversInWords(after.receivers) },
  ];
  const byKey = (alert: ModelAlert) =>
    new Map(
      alert.byNamespace.map(({ namespaces, receivers }) => [
        namespaces.join(", "),
        receiversInWords(receivers),
      ]),
    );
  const [was, is] = [byKey(before), byKey(after)];
  for (const namespaces of new Set([...was.keys(), ...is.keys()]))
    ways.push({
      namespaces,
      before: was.get(namespaces) ?? receiversInWords(before.receivers),
      after: is.get(namespaces) ?? receiversInWords(after.receivers),
    });
  return ways.filter((way) => way.before !== way.after);
}

const NOBODY = receiversInWords([]);

function kindOf({ before, after }: AlertPair, way: Way): Kind {
  const isPage = before.severity === "critical" || after.severity === "critical";
  if (way.after === NOBODY) return isPage ? "pages-nobody" : "notifies-nobody";
  return after.severity === "critical" ? "pages-somebody-new" : "receivers-changed";
}

function inWordsOfWay({ before, after }: AlertPair, way: Way, isOne: boolean): string {
  const [page, notify] = isOne ? ["pages", "notifies"] : ["page", "notify"];
  const verb = after.severity === "critical" ? page : notify;
  const as = before.severity === after.severity ? "" : `, as ${before.severity}`;
  if (way.after === NOBODY)
    return `${before.severity === "critical" ? page : notify} no receiver any more; before${as}: ${way.before}`;
  return way.before === NOBODY || as !== ""
    ? `${verb} ${way.after}; before${as}: ${way.before === NOBODY ? "no receiver" : way.before}`
    : `${verb} ${way.after} instead of ${way.before}`;
}

/** So many alerts are named in the sentence; more are in the details. */
const FEW = 3;

function few(names: ReadonlySet<string>): string {
  return names.size > FEW ? "" : ` (${[...names].sort().join(", ")})`;
}
