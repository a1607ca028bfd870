import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { printSelector } from "../../signals/promql.ts";
import { ABSENT_FOR, alertLabels, limitOf } from "../alerts.ts";
import { absentAnnotations, type BurnFindings, windowsText } from "../annotations.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import type { WindowPair } from "../windows.ts";
import { burnFindings } from "./burning.ts";
import { CaseWriter } from "./case-writer.ts";
import type { Phase } from "./exporter.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import { labelsOf } from "./recorded.ts";
import type { SloTestCase } from "./test-case.ts";

/** Cases of the alerts on burn rates and on missing data. */
export class Proof extends CaseWriter {
  burst(kind: "fastBurn", pair: WindowPair, times: number): SloTestCase {
    const scrapes = this.scrapes(seconds(pair.long));
    const after = this.near(pair, times, scrapes);
    const phases = [{ scrapes: 3 * scrapes, errorShare: 0 }, after];
    const fires = this.burns(pair, after);
    return this.traffic(
      `${fires ? "fires" : "does not fire"} if ${this.going(after)} for ${pair.long}, ${beside(times)} its limit`,
      kind,
      phases,
      fires ? { share: after.errorShare, pair } : undefined,
    );
  }

  /** A share that holds from the start, so that every window sees it. */
  steady(
    kind: "fastBurn" | "slowBurn",
    pair: WindowPair,
    times: number,
    expected: WindowPair | undefined = undefined,
  ): SloTestCase {
    const { minimumErrors } = this.slo;
    const limit = Number(limitOf(this.slo, pair));
    const [least, most] = [this.scrapes(seconds("1h")), this.scrapes(seconds(pair.long))];
    const phase = this.near(pair, times, this.exporter.lasting(limit, least, most, minimumErrors));
    const firing = expected !== undefined && this.burns(expected, phase) ? expected : undefined;
    return this.traffic(
      `${firing ? `fires ${windowsText(firing)}` : "does not fire"} if ${this.going(phase)} all the time, ${beside(times)} the limit of ${pair.long}`,
      kind,
      [phase],
      firing && { share: phase.errorShare, pair: firing },
    );
  }

  /** Without a single success there is no series of successes alone either. */
  totalOutage(pair: WindowPair): SloTestCase {
    const end = this.scrapes(seconds("5m"));
    return this.alertCase(
      "fastBurn",
      "fires within five minutes of a total outage that begins with the service",
      this.exporter.bornFailing(end),
      [[end, this.burning("fastBurn", this.everythingFailing(pair, end))]],
    );
  }

  /** The long windows still burn; the short ones say that it is over, and what keeps firing has had its time. */
  recovered(): SloTestCase {
    const phases = [
      { scrapes: this.scrapes(seconds("20m")), errorShare: 1 },
      { scrapes: this.scrapes(seconds("40m")), errorShare: 0 },
    ];
    return this.traffic(
      "does not fire 40 minutes after a total outage of 20 minutes",
      "fastBurn",
      phases,
      undefined,
    );
  }

  /** The floor under the number of errors, one below and at it. */
  fewErrors(pair: WindowPair): readonly SloTestCase[] {
    const { minimumErrors } = this.slo;
    if (minimumErrors < 2) return [];
    const end = this.scrapes(seconds(pair.long));
    const { unit, eventsPerScrape } = this.slo.signal;
    // A gauge exists from its first bad value on, and a counter of errors from the start.
    const first = eventsPerScrape === undefined ? undefined : end + 1 - minimumErrors;
    const everything = this.everythingFailing(pair, end, first);
    const [tooFew, enough] = [minimumErrors - 1, minimumErrors].map((errors) =>
      this.exporter.lateErrors(errors, end),
    );
    if (tooFew === undefined || enough === undefined) return [];
    return [
      this.alertCase(
        "fastBurn",
        `does not fire if ${minimumErrors - 1} ${unit} fail and none succeeds`,
        tooFew,
        [[end, []]],
      ),
      this.alertCase("fastBurn", `fires if ${minimumErrors} ${unit} fail and none succeeds`, enough, [
        [end, this.burning("fastBurn", everything)],
      ]),
    ];
  }

  /** Series that are there and do not move are neither an error nor absent, and no errors are zero of them. */
  noTraffic(): readonly SloTestCase[] {
    const end = this.scrapes(seconds("20m"));
    const idle = this.exporter.idle(end);
    if (idle === undefined) return [];
    const silent = (["fastBurn", "slowBurn", "absent", "unclassified"] as const).map((kind) =>
      this.expectation(kind, end, []),
    );
    const { period } = this.slo;
    const nothing = [RECORDS.total("5m"), RECORDS.errors("5m"), RECORDS.errorRatio(period)].map((record) => ({
      expr: `${printSelector(recordOf(this.slo, record))} == bool 0`,
      eval_time: this.time(end),
      exp_samples: [{ labels: labelsOf(this.slo), value: 1 }],
    }));
    return [
      {
        ...this.alertCase(
          "fastBurn",
          `and the other alerts do not fire without ${this.slo.signal.unit}`,
          idle,
          [],
        ),
        alert_rule_test: silent,
        promql_expr_test: nothing,
      },
    ];
  }

  /** Nothing is known, whatever others record. */
  noSeries(): SloTestCase {
    const due = this.scrapes(seconds(ABSENT_FOR));
    const alert = {
      exp_labels: alertLabels(this.slo, "absent"),
      exp_annotations: absentAnnotations(this.slo, this.context),
    };
    const { service, name } = this.slo;
    return {
      ...this.alertCase(
        "absent",
        `fires after ${ABSENT_FOR} without a series`,
        otherObjectivesOf(this.slo, { evaluations: due }),
        [
          [due - 1, []],
          [due, [alert]],
        ],
      ),
      promql_expr_test: [
        {
          expr: `{__name__=~"slo:(sli|error|history).*", service=${JSON.stringify(service)}, slo=${JSON.stringify(name)}}`,
          eval_time: this.time(due),
          exp_samples: [],
        },
      ],
    };
  }

  private everythingFailing(pair: WindowPair, scrapes: number, first?: number): BurnFindings {
    return burnFindings(this.slo, pair, 1, this.spentBy(1, scrapes, first));
  }

  /** A share of errors beside a pair's limit. */
  private near(pair: WindowPair, times: number, scrapes: number): Phase {
    return this.exporter.beside(Number(limitOf(this.slo, pair)), times, scrapes, this.slo.minimumErrors);
  }

  /** Whether a share that holds from the start is one too many; where events are few, it may come to less than the floor. */
  private burns(pair: WindowPair, phase: Phase): boolean {
    const { minimumErrors } = this.slo;
    return phase.errorShare > Number(limitOf(this.slo, pair)) && this.exporter.errors(phase) >= minimumErrors;
  }

  /** How many events fail, in words. */
  private going({ errorShare }: Phase): string {
    return `${percent(errorShare)} of ${this.slo.signal.unit} fail`;
  }
}

function beside(times: number): string {
  return times > 1 ? "just above" : "just below";
}
