import { type AlertPair, called, matchAlerts } from "../alerts.ts";
import type { EnvironmentModel } from "../model.ts";
import { withNewNames } from "../renamed.ts";
import { agreementOf } from "./agreement.ts";
import { Evaluation, type ReplayedSide } from "./evaluation.ts";
import { Holder } from "./holder.ts";
import { missingIn, missingOfHead } from "./missing.ts";
import { atNight } from "./night.ts";
import { offsetsOf } from "./offsets.ts";
import { type Computed, computedOf } from "./records.ts";
import type { ReplayRequest } from "./request.ts";
import type { Replay } from "./result.ts";
import { externalLabelsOf, type ReplayedRule, rulesOf } from "./rules.ts";
import type { Firing } from "./side.ts";
import { incidentsOf, totalsOf } from "./totals.ts";

/** What the alerts of an environment would have done over a stretch of history, before and after a change. */
export async function replay(request: ReplayRequest): Promise<Replay> {
  const { history, from, to, head } = request;
  const { before: base } = withNewNames(request.base, head);
  // The rules as they were deployed, under the names that they had.
  const [baseRules, headRules] = [rulesOf(request.base), rulesOf(head)];
  const missing = await missingIn(history, recordsInUse(baseRules), from, to);
  const sides = {
    base: computedOf("base", baseRules, missing),
    head: computedOf("head", headRules, missingOfHead(headRules, baseRules, missing)),
  };
  const offsets = await offsetsOf(history, baseRules, from, to);
  const holder = new Holder(request);
  try {
    const evaluation = new Evaluation(request, offsets, holder);
    const before = await evaluation.ofSide(request.base, baseRules, sides.base);
    const after = await evaluation.ofSide(head, headRules, sides.head);
    return {
      ...(await summary(request, before, after, base)),
      computed: computedNames(sides),
      notReplayed: [...evaluation.leftOut].map(([about, why]) => ({ about, why })),
    };
  } finally {
    await holder.stop();
  }
}

function recordsInUse(rules: readonly ReplayedRule[]): readonly ReplayedRule[] {
  // If all of them are missing, those that are computed are those in use.
  const records = new Set(rules.filter(({ kind }) => kind === "record"));
  return computedOf("base", rules, records).records.map(({ rule }) => rule);
}

function computedNames({ base, head }: Readonly<Record<"base" | "head", Computed>>): string[] {
  return [...new Set([...base.records, ...head.records].map(({ rule }) => rule.name))].sort();
}

async function summary(
  request: ReplayRequest,
  before: ReplayedSide,
  after: ReplayedSide,
  renamed: EnvironmentModel,
): Promise<Omit<Replay, "computed" | "notReplayed">> {
  const { history, from, to, night, place, head } = request;
  const isNight = atNight(night);
  const incidents = request.incidents.filter(
    ({ environment, start, end }) => environment === head.environment && end > from && start < to,
  );
  const told = incidentsOf(incidents, before.alerts, after.alerts);
  return {
    environment: head.environment,
    from: moment(from),
    to: moment(to),
    evaluatedBy: place,
    night: night.text,
    before: totalsOf(before.alerts, isNight, told, "before", from),
    after: totalsOf(after.alerts, isNight, told, "after", from),
    alerts: rowsOf(before, after, request.base, renamed, head),
    incidents: told,
    agreement: await agreementOf(history, before.rules, externalLabelsOf(request.base), from, to),
  };
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}

/** One row for each alert that fired or that would have fired at other times. Alerts that are renamed are one. */
function rowsOf(
  before: ReplayedSide,
  after: ReplayedSide,
  base: EnvironmentModel,
  renamed: EnvironmentModel,
  head: EnvironmentModel,
): Replay["alerts"] {
  const firings = new Map([...before.alerts, ...after.alerts].map((each) => [each.alert, each.firings]));
  // The renamed model has the same alerts in the same order.
  const original = new Map(renamed.alerts.map((alert, index) => [alert, base.alerts[index] ?? alert]));
  const { pairs, removed, added } = matchAlerts(renamed.alerts, head.alerts);
  const sides: readonly Partial<AlertPair>[] = [
    ...pairs,
    ...removed.map((alert) => ({ before: alert })),
    ...added.map((alert) => ({ after: alert })),
  ];
  return sides
    .flatMap(({ before: old, after: fresh }) => {
      const alert = fresh ?? old;
      if (alert === undefined) return [];
      const one = old && firings.get(original.get(old) ?? old);
      const other = fresh && firings.get(fresh);
      if ((old !== undefined && one === undefined) || (fresh !== undefined && other === undefined)) return [];
      return [
        {
          about: called(alert),
          severity: alert.severity,
          receivers: alert.receivers.map(({ name }) => name),
          before: one?.length ?? null,
          after: other?.length ?? null,
          isChanged: times(one) !== times(other),
        },
      ];
    })
    .filter((row) => row.isChanged || (row.before ?? 0) + (row.after ?? 0) > 0)
    .sort(
      (a, b) =>
        Number(b.isChanged) - Number(a.isChanged) ||
        Math.abs((b.after ?? 0) - (b.before ?? 0)) - Math.abs((a.after ?? 0) - (a.before ?? 0)) ||
        (b.after ?? 0) - (a.after ?? 0) ||
        (a.about < b.about ? -1 : 1),
    );
}

function times(firings: readonly Firing[] | undefined): string {
  return JSON.stringify((firings ?? []).map(({ from, to }) => [from, to]).sort());
}
