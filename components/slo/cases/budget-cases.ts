import { type Duration, duration, seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { alertLabels, BUDGET_BANDS, BUDGET_FOR, type BudgetBand } from "../alerts.ts";
import { budgetAnnotations } from "../annotations.ts";
import { ALERTS, RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, keptFor } from "../model.ts";
import { CaseWriter } from "./case-writer.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import { coveredAt, spentAt } from "./recorded.ts";
import type { SloTestCase } from "./test-case.ts";
import { QUIET, Timeline } from "./timeline.ts";

/** How long there are no errors after an outage. */
const CALM = "2h";

/** The hour before the first record of an hour is not known, so an outage must be a little longer; so many steps come near enough. */
const STEPS = 4;

/** Outages of this length and more are evaluated every few minutes, and of this one hour by hour: an evaluation costs promtool milliseconds. */
const LONG = "2h";
const VERY_LONG = "12h";

/** The few minutes: less than the lookback of Prometheus, and enough evaluations in the alerts' `for`. */
const FEW_MINUTES = "2m30s";

/** Percent of the budget, on either side of each limit. */
const SPENT = [45, 57, 85, 95, 108];

/** Cases of the alerts on the error budget: a total outage of a share of the period, then no errors. */
export class BudgetCases extends CaseWriter {
  /** The time from one evaluation to the next. */
  get evaluated(): Duration {
    const longest = (Math.max(...SPENT) / 100) * this.budget * this.period;
    if (longest >= seconds(VERY_LONG)) return "1h";
    const interval = seconds(this.context.scrapeInterval);
    const apart = longest < seconds(LONG) ? 1 : Math.max(1, Math.floor(seconds(FEW_MINUTES) / interval));
    return duration(apart * interval);
  }

  all(): readonly SloTestCase[] {
    return SPENT.map((percentage) => this.spent(percentage));
  }

  private spent(percentage: number): SloTestCase {
    const timeline = this.spending(percentage / 100);
    const wait = Math.ceil(seconds(BUDGET_FOR) / seconds(timeline.unit));
    const band = bandOf(this.spentAt(timeline, timeline.now));
    const due = band === undefined ? timeline.now : this.entered(timeline, band) + wait;
    const findings = {
      spent: percent(this.spentAt(timeline, due)),
      covered: percent(coveredAt(this.slo, timeline, due, this.context.scrapeInterval)),
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

  /** An outage that has spent this share of the budget in the end. */
  private spending(share: number): Timeline {
    let outage = share * this.budget * this.period;
    let timeline = this.timeline(outage);
    for (let step = 0; step < STEPS; step++) {
      outage *= share / this.spentAt(timeline, timeline.now);
      timeline = this.timeline(outage);
    }
    return timeline;
  }

  /** An outage of so many seconds, and then no errors for a while. */
  private timeline(outage: number): Timeline {
    const timeline = new Timeline(this.evaluated);
    const unit = seconds(timeline.unit);
    timeline.passes(Math.max(1, Math.round(outage / unit)), QUIET, 1);
    timeline.passes(Math.ceil((seconds(CALM) + seconds(BUDGET_FOR)) / unit), QUIET);
    return timeline;
  }

  /** The evaluation from which a band holds to the end. A band that was only passed through on the way was not held for long enough. */
  private entered(timeline: Timeline, band: BudgetBand): number {
    let at = timeline.now;
    while (at > 1 && bandOf(this.spentAt(timeline, at - 1)) === band) at--;
    return at;
  }

  private spentAt(timeline: Timeline, at: number): number {
    return Number(spentAt(this.slo, timeline, at, this.context.scrapeInterval).toPrecision(12));
  }

  private get budget(): number {
    return toNumber(errorBudget(this.slo.objective));
  }

  private get period(): number {
    return seconds(keptFor(this.slo.period));
  }
}

function bandOf(spent: number): BudgetBand | undefined {
  return BUDGET_BANDS.findLast(({ from }) => spent * 100 >= from);
}
