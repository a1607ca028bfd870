import { rendered } from "../../alerts/annotations.ts";
import type { ExpectedAlert } from "../../alerts/definition.ts";
import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolAlertTest, PromtoolCase, PromtoolQueryTest } from "../../core/promtool.ts";
import type { RunbookLinks } from "../../slo/annotations.ts";
import type { Service } from "../definition.ts";
import { coursedSeries, lengthOf } from "./course.ts";
import type { FiringExample, OwnAlert, SilentExample } from "./definition.ts";
import { ownAlertAnnotations, ownAlertLabels, ownAlertsOf } from "./rules.ts";

/**
 * Evaluations by which an alert may fire earlier or later than an example says: an environment with a longer scrape interval sees a change
 * a scrape later, and a rate another one.
 */
const SLACK = 2;

/** For so many evaluations after `for` and the last change of its series, an alert of a silent example is watched. */
const SILENT_EVALUATIONS = 10;

/** What the cases depend on beside the service. */
export interface OwnCaseContext extends RunbookLinks {
  readonly environment: string;
  readonly scrapeInterval: Duration;
}

/** promtool cases of the alerts with examples, one for each example. */
export function ownAlertTests(service: Service, context: OwnCaseContext): readonly PromtoolCase[] {
  return ownAlertsOf(service, context.environment).flatMap(([name, alert]) => {
    if (alert.examples === undefined) return [];
    const writer = new CaseWriter(service, name, alert, context);
    return [
      ...alert.examples.fires.map((example) => writer.firing(example)),
      ...alert.examples.silent.map((example) => writer.silent(example)),
    ];
  });
}

class CaseWriter {
  private readonly service: Service;
  private readonly name: string;
  private readonly alert: OwnAlert;
  private readonly context: OwnCaseContext;
  private readonly step: number;

  constructor(service: Service, name: string, alert: OwnAlert, context: OwnCaseContext) {
    this.service = service;
    this.name = name;
    this.alert = alert;
    this.context = context;
    this.step = seconds(context.scrapeInterval);
  }

  firing(example: FiringExample): PromtoolCase {
    const { when, holdsFrom, alerts, stops } = example;
    const due = this.evaluations(holdsFrom) + this.evaluations(this.alert.for);
    const early = due - SLACK - 1;
    const fired = alerts.map((alert) => this.expected(alert));
    const checks: PromtoolAlertTest[] = [this.check(due + SLACK, fired)];
    let last = due + SLACK;
    if (stops !== undefined) {
      const [after, by] = [Math.floor(seconds(stops.after) / this.step), this.evaluations(stops.by)];
      checks.push(this.check(after, fired), this.check(by, []));
      last = Math.max(last, by);
    }
    return {
      ...this.case(`fires when ${when}`, example, last),
      alert_rule_test: checks,
      ...(early < 0 ? {} : { promql_expr_test: [this.neverFired(early)] }),
    };
  }

  silent(example: SilentExample): PromtoolCase {
    const length = Math.max(...Object.values(example.series).map(lengthOf), 0);
    const last = Math.ceil(length / this.step) + this.evaluations(this.alert.for) + SILENT_EVALUATIONS;
    return {
      ...this.case(`does not fire when ${example.when}`, example, last),
      alert_rule_test: [this.check(last, [])],
      promql_expr_test: [this.neverFired(last)],
    };
  }

  private case(title: string, { series }: SilentExample, last: number) {
    const { scrapeInterval } = this.context;
    return {
      name: `${this.name} of ${this.service.name} ${title}`,
      interval: scrapeInterval,
      input_series: Object.entries(series).map(([selector, course]) => {
        const input = coursedSeries(selector, course, scrapeInterval);
        return { series: input.series, values: input.values(last) };
      }),
    };
  }

  private evaluations(length: Duration): number {
    return Math.ceil(seconds(length) / this.step);
  }

  private check(evaluation: number, expected: PromtoolAlertTest["exp_alerts"]): PromtoolAlertTest {
    return { eval_time: duration(evaluation * this.step), alertname: this.name, exp_alerts: expected };
  }

  private expected(fired: ExpectedAlert): PromtoolAlertTest["exp_alerts"][number] {
    const { service, name, alert, context } = this;
    const labels = ownAlertLabels(service, alert);
    const annotations = Object.entries(ownAlertAnnotations(service, name, alert, context));
    // Templates see the labels of the rule, too.
    const known = { ...fired, labels: { ...fired.labels, ...labels } };
    return {
      exp_labels: known.labels,
      exp_annotations: Object.fromEntries(
        annotations.map(([annotation, template]) => [annotation, rendered(template, known)]),
      ),
    };
  }

  /** That the alert has not fired at any evaluation until then. */
  private neverFired(evaluation: number): PromtoolQueryTest {
    const end = evaluation * this.step;
    const firing = `ALERTS{alertname="${this.name}", alertstate="firing"}`;
    return {
      expr: `count_over_time(${firing}[${duration(end + this.step)}])`,
      eval_time: duration(end),
      exp_samples: [],
    };
  }
}
