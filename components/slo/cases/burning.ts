import { duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlertTest } from "../../core/promtool.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, burnAnnotations, limitOf, pairsOf, windowsText } from "../alerts.ts";
import { ALERTS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, isRolling, type Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { spentOfMonth } from "./recorded-month.ts";
import type { CaseContext } from "./test-case.ts";
import type { Timeline } from "./timeline.ts";

export type BurnKind = "fastBurn" | "slowBurn";

/** The pair whose windows burn at an evaluation of a timeline; of two the steeper one. */
export function burningPair(
  slo: Slo,
  kind: BurnKind,
  timeline: Timeline,
  at: number,
): WindowPair | undefined {
  return pairsOf(kind).find((pair) => {
    const limit = Number(limitOf(slo, pair));
    return (
      timeline.share(pair.long, at) > limit &&
      timeline.share(pair.short, at) > limit &&
      timeline.within(pair.long, at).bad >= slo.minimumErrors
    );
  });
}

/** What an alert must say at an evaluation of a timeline; nothing where no pair is given. */
export function burnTest(
  slo: Slo,
  context: CaseContext,
  kind: BurnKind,
  timeline: Timeline,
  pair: WindowPair | undefined,
  at = timeline.now,
): PromtoolAlertTest {
  const test = { eval_time: duration(at * seconds(timeline.unit)), alertname: ALERTS[kind] };
  if (pair === undefined) return { ...test, exp_alerts: [] };
  const spent = isRolling(slo)
    ? timeline.share(slo.period, at) / toNumber(errorBudget(slo.objective))
    : spentOfMonth(slo, timeline, at, context.scrapeInterval);
  const annotations = burnAnnotations(slo, kind, context, {
    errorShare: percent(timeline.share(pair.long, at)),
    windows: windowsText(pair),
    budgetLeft: percent(Math.max(0, 1 - spent)),
  });
  return { ...test, exp_alerts: [{ exp_labels: alertLabels(slo, kind), exp_annotations: annotations }] };
}
