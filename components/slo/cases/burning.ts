import { duration, seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, burnAnnotations, limitOf, pairsOf, windowsText } from "../alerts.ts";
import { ALERTS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, isRolling, type Slo } from "../model.ts";
import type { WindowPair } from "../windows.ts";
import { spentOfMonth } from "./recorded-month.ts";
import type { Story } from "./story.ts";
import type { AlertTest, CaseContext } from "./test-case.ts";

export type BurnKind = "page" | "ticket";

/** The pair whose windows burn at an evaluation of a story; of two the steeper one. */
export function burningPair(slo: Slo, kind: BurnKind, story: Story, at: number): WindowPair | undefined {
  return pairsOf(kind).find((pair) => {
    const limit = Number(limitOf(slo, pair));
    return (
      story.share(pair.long, at) > limit &&
      story.share(pair.short, at) > limit &&
      story.within(pair.long, at).bad >= slo.minimumErrors
    );
  });
}

/** What an alert must say at an evaluation of a story; nothing where no pair is given. */
export function burnTest(
  slo: Slo,
  context: CaseContext,
  kind: BurnKind,
  story: Story,
  pair: WindowPair | undefined,
  at = story.now,
): AlertTest {
  const test = { eval_time: duration(at * seconds(story.unit)), alertname: ALERTS[kind] };
  if (pair === undefined) return { ...test, exp_alerts: [] };
  const spent = isRolling(slo)
    ? story.share(slo.period, at) / toNumber(errorBudget(slo.objective))
    : spentOfMonth(slo, story, at, context.scrapeInterval);
  const annotations = burnAnnotations(slo, kind, context, {
    errorShare: percent(story.share(pair.long, at)),
    windows: windowsText(pair),
    budgetLeft: percent(Math.max(0, 1 - spent)),
  });
  return { ...test, exp_alerts: [{ exp_labels: alertLabels(slo, kind), exp_annotations: annotations }] };
}
