import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, BUDGET_BANDS, BUDGET_FOR } from "../alerts.ts";
import { budgetAnnotations } from "../annotations.ts";
import { RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget } from "../model.ts";
import { beginningsOf } from "../windows.ts";
import { CaseWriter } from "./case-writer.ts";
import type { Phase } from "./exporter.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import type { SloTestCase } from "./test-case.ts";

/** Cases of the alerts on the error budget. */
export class BudgetCases extends CaseWriter {
  /** What is spent of a young budget is the share of errors so far, by the share that may be. */
  spent(percentage: number): SloTestCase {
    const budget = toNumber(errorBudget(this.slo.objective));
    const wait = this.scrapes(seconds(BUDGET_FOR));
    const phases = this.isMonthly
      ? this.spendingOfMonth((budget * percentage) / 100, wait)
      : this.exporter.spending((budget * percentage) / 100, wait);
    const spent = sharesSoFar(phases).map((share, index) =>
      Number((this.weight(index + 1) * (share / budget)).toPrecision(12)),
    );
    const band = bandOf(spent.at(-1) ?? 0);
    // A band that was only passed through on the way was not held for long enough.
    const entered = 1 + spent.findLastIndex((share) => bandOf(share) !== band) + 1;
    const due = band === undefined ? spent.length : entered + wait;
    const findings = { spent: percent(spent[due - 1] ?? 0), covered: percent(this.covered(due)) };
    const expected = BUDGET_BANDS.flatMap(({ kind }) => {
      const alert = {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: budgetAnnotations(this.slo, kind, this.context, findings),
      };
      const fires = kind === band?.kind;
      return [this.expectation(kind, due - 1, []), this.expectation(kind, due, fires ? [alert] : [])];
    });
    const found = this.traffic(
      `${band === undefined ? "does not fire" : "fires alone"} with ${percentage}% of the budget spent`,
      band?.kind ?? "half",
      phases,
      undefined,
    );
    // Other objectives have spent a little more.
    const others = otherObjectivesOf(this.slo, {
      records: [RECORDS.budgetSpent],
      evaluations: due,
      budgetSpent: (percentage + 2) / 100,
    });
    return {
      ...found,
      input_series: [...found.input_series, ...others],
      alert_rule_test: expected,
    };
  }

  /** How much of the period begins within a history of so many scrapes, of which the first one counts. */
  private covered(scrapes: number): number {
    const { period } = this.slo;
    const history = (scrapes - 1) * seconds(this.context.scrapeInterval);
    if (period === "month") {
      const days = 1 + Math.floor(this.elapsed(scrapes) / seconds("1d"));
      return Math.min(days, 1 + Math.floor(history / seconds("1d"))) / days;
    }
    const beginnings = beginningsOf(period);
    return beginnings.filter((beginning) => seconds(beginning) <= history).length / beginnings.length;
  }

  /** An outage at the beginning of the month that takes this share of all its requests with it, and calm. */
  private spendingOfMonth(share: number, wait: number): readonly Phase[] {
    return [
      { scrapes: Math.max(1, Math.round(this.scrapes(seconds("31d") * share))), errorShare: 1 },
      { scrapes: wait + 2, errorShare: 0 },
    ];
  }
}

/** The share of errors after each scrape, of all events until then. */
function sharesSoFar(phases: readonly Phase[]): readonly number[] {
  let errors = 0;
  return phases
    .flatMap(({ scrapes, errorShare }) => Array<number>(scrapes).fill(errorShare))
    .map((share, index) => {
      errors += share;
      return errors / (index + 1);
    });
}

function bandOf(spent: number): (typeof BUDGET_BANDS)[number] | undefined {
  return BUDGET_BANDS.findLast(({ from }) => spent * 100 >= from);
}
