import { duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlertTest } from "../../core/promtool.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, limitOf, pairsOf } from "../alerts.ts";
import {
  type BurnFindings,
  budgetSentence,
  burnAnnotations,
  exhaustionSentence,
  windowsText,
} from "../annotations.ts";
import { ALERTS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, isRolling, type Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { spentAt } from "./recorded.ts";
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
  const spent = spentAt(slo, timeline, at, context.scrapeInterval);
  const annotations = burnAnnotations(
    slo,
    kind,
    context,
    burnFindings(slo, pair, timeline.share(pair.long, at), spent),
  );
  return { ...test, exp_alerts: [{ exp_labels: alertLabels(slo, kind), exp_annotations: annotations }] };
}

/**
 * What a burn rate alert says when `errorRatio` of the events of the long window failed and `spent` of the error budget is spent,
 * both as shares. promtool's time is January 1970, so a calendar month has 31 days.
 */
export function burnFindings(slo: Slo, pair: WindowPair, errorRatio: number, spent: number): BurnFindings {
  const burnRate = errorRatio / toNumber(errorBudget(slo.objective));
  const left = Math.max(0, 1 - spent);
  const period = isRolling(slo) ? seconds(slo.period) : seconds("31d");
  const hours = Math.max(0.1, Math.round(((left * period) / burnRate / 3600) * 10) / 10);
  return {
    errorRatio: percent(errorRatio),
    burnRate: String(Math.round(burnRate * 100) / 100),
    windows: windowsText(pair),
    budget: budgetSentence(percent(left), left > 0 ? exhaustionSentence(String(hours)) : ""),
  };
}
