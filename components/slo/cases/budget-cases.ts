import { type Duration, duration, seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, BUDGET_BANDS, BUDGET_FOR } from "../alerts.ts";
import { budgetAnnotations } from "../annotations.ts";
import { ALERTS, RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, keptFor } from "../model.ts";
import { CaseWriter } from "./case-writer.ts";
import { knownAt } from "./known-seconds.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import type { SloTestCase } from "./test-case.ts";
import { QUIET, Timeline } from "./timeline.ts";

/** After so much time without errors, the share of the period that is known is right to a few percent. */
const CALM = "2h";

/** Outages of this length and more are evaluated hour by hour. */
const LONG = "6h";

/** Percent of the budget, on either side of each limit. */
const SPENT = [45, 57, 85, 95, 108];

/** Cases of the alerts on the error budget: a total outage of a share of the period, then no errors. */
export class BudgetCases extends CaseWriter {
  /** The time from one evaluation to the next. */
  get evaluated(): Duration {
    const longest = (Math.max(...SPENT) / 100) * this.budget * this.period;
    return longest < seconds(LONG) ? this.context.scrapeInterval : "1h";
  }

  all(): readonly SloTestCase[] {
    return SPENT.map((percentage) => this.spent(percentage));
  }

  private spent(percentage: number): SloTestCase {
    const timeline = this.timeline((percentage / 100) * this.budget * this.period);
    const wait = Math.ceil(seconds(BUDGET_FOR) / seconds(timeline.unit));
    const spent = Array.from({ length: timeline.now }, (_, index) => this.spentAt(timeline, index + 1));
    const band = bandOf(spent.at(-1) ?? 0);
    // A band that was only passed through on the way was not held for long enough.
    const entered = 1 + spent.findLastIndex((share) => bandOf(share) !== band) + 1;
    const due = band === undefined ? spent.length : entered + wait;
    const findings = {
      spent: percent(spent[due - 1] ?? Number.NaN),
      covered: percent(this.knownAt(timeline, due) / this.lengthAt(timeline, due)),
    };
    const expected = BUDGET_BANDS.flatMap(({ kind }) => {
      const alert = {
        exp_labels: alertLabels(this.slo, kind),
        exp_annotations: budgetAnnotations(this.slo, kind, this.context, findings),
      };
      const test = (evaluation: number, fires: boolean) => ({
        eval_time: duration(evaluation * seconds(timeline.unit)),
        alertname: ALERTS[kind],
        exp_alerts: fires ? [alert] : [],
      });
      return [test(due - 1, false), test(due, kind === band?.kind)];
    });
    const apart = Math.round(seconds(timeline.unit) / seconds(this.context.scrapeInterval));
    // Other objectives have spent a little more.
    const others = otherObjectivesOf(this.slo, {
      records: [RECORDS.budgetSpent],
      evaluations: due,
      apart,
      budgetSpent: (percentage + 2) / 100,
    });
    const { service, name } = this.slo;
    const fires = band === undefined ? "does not fire" : "fires alone";
    return {
      name: `${ALERTS[band?.kind ?? "half"]} of ${service} ${name} ${fires} with ${percentage}% of the budget spent`,
      interval: this.context.scrapeInterval,
      input_series: [...this.exporter.traffic(timeline.scrapes(this.context.scrapeInterval)), ...others],
      alert_rule_test: expected,
    };
  }

  /** An outage of so many seconds, and then no errors for a while. */
  private timeline(outage: number): Timeline {
    const timeline = new Timeline(this.evaluated);
    const unit = seconds(timeline.unit);
    timeline.passes(Math.max(1, Math.round(outage / unit)), QUIET, 1);
    timeline.passes(Math.ceil((seconds(CALM) + seconds(BUDGET_FOR)) / unit), QUIET);
    return timeline;
  }

  private spentAt(timeline: Timeline, at: number): number {
    const share = (this.knownAt(timeline, at) / this.period) * timeline.share(keptFor(this.slo.period), at);
    return Number((share / this.budget).toPrecision(12));
  }

  /** The known seconds of the period, or of the month so far. */
  private knownAt(timeline: Timeline, at: number): number {
    return Math.min(knownAt(this.slo, timeline, at), this.lengthAt(timeline, at));
  }

  /** The seconds of the period, or of the month so far. promtool begins on the first of a January. */
  private lengthAt({ unit }: Timeline, at: number): number {
    return this.isMonthly
      ? at * seconds(unit) - seconds(this.context.scrapeInterval) / 2
      : seconds(this.slo.period);
  }

  private get budget(): number {
    return toNumber(errorBudget(this.slo.objective));
  }

  private get period(): number {
    return seconds(keptFor(this.slo.period));
  }
}

function bandOf(spent: number): (typeof BUDGET_BANDS)[number] | undefined {
  return BUDGET_BANDS.findLast(({ from }) => spent * 100 >= from);
}
