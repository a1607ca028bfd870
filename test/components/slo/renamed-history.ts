import type { RuleGroup } from "../../../components/core/rules.ts";
import { httpAvailability } from "../../../components/signals/http.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import type { RollingPeriod } from "../../../components/slo/windows.ts";
import { type History, PrometheusWithHistory } from "../../support/prometheus.ts";
import { LINKS } from "./samples.ts";

// A service that is renamed on a Prometheus with samples: until the rename the rules of the old name run, from then on those of the new one
// that know the former name. The counters go on under the new job after some minutes in which the Service has the old label and nothing
// scrapes it. What was spent is also added up from the requests themselves.

const STEP = 120;
const DAY = 86_400;
/** The objective's budget of errors. */
const BUDGET = 0.001;
/** So long nothing scrapes the service, because its label follows the monitor by hand: the half of what the page of `rename` allows. */
const GAP = 300;

const slo = (service: string, period: RollingPeriod): Slo => ({
  service,
  team: "shop",
  name: "availability",
  objective: "99.9",
  period,
  minimumErrors: 5,
  signal: httpAvailability("http_requests_total", { job: service, namespace: "shop" }),
});

/** What the counters of the service grew by from one scrape to the next. */
interface Step {
  readonly at: number;
  readonly total: number;
  readonly errors: number;
}

/** Errors as a share of events over the period, and the share of the budget that is spent, by the records on Prometheus and by adding up. */
export interface Spent {
  readonly ratio: { readonly recorded: number; readonly counted: number };
  readonly budget: {
    readonly recorded: number;
    readonly counted: number;
    /** Of all requests, those in the gap as well, which nothing scraped. */
    readonly happened: number;
  };
}

/** The history of a rename after some days, in so many days that end at `end`. `knowsFormer`: whether the new definition says `formerly`. */
export class RenamedHistory {
  readonly start: number;
  readonly renamed: number;
  readonly end: number;
  private readonly period: RollingPeriod;
  private readonly knowsFormer: boolean;
  private readonly steps: readonly Step[];

  constructor(settings: {
    readonly period: RollingPeriod;
    readonly days: number;
    readonly renamedAfter: number;
    readonly end: number;
    readonly knowsFormer: boolean;
  }) {
    this.end = settings.end - (settings.end % STEP);
    this.start = this.end - settings.days * DAY;
    this.renamed = this.start + settings.renamedAfter * DAY;
    this.period = settings.period;
    this.knowsFormer = settings.knowsFormer;
    this.steps = this.traffic();
  }

  run(): Promise<PrometheusWithHistory> {
    const { start, end, renamed, period, knowsFormer } = this;
    const [before, after] = [slo("storefront", period), slo("webshop", period)];
    const history: History = {
      start,
      end,
      step: STEP,
      series: [
        ...this.series("storefront", (at) => at <= renamed),
        ...this.series("webshop", (at) => at > renamed + GAP),
      ],
      rules: [
        { groups: [until(renamed, ruleGroup(before, "2m", LINKS))], from: start },
        {
          groups: [ruleGroup(knowsFormer ? { ...after, formerly: ["storefront"] } : after, "2m", LINKS)],
          from: renamed + STEP,
          loaded: true,
        },
      ],
    };
    return PrometheusWithHistory.start(history);
  }

  /** What is spent at a moment, by the name that the service has then. */
  async spent(prometheus: PrometheusWithHistory, at: number): Promise<Spent> {
    const service = at <= this.renamed ? "storefront" : "webshop";
    const recorded = async (record: string) => {
      const { answers } = await prometheus.query(`${record}{service="${service}"}`, at);
      const [answer, ...others] = answers;
      if (answer === undefined || others.length > 0) throw new Error(`${answers.length} series of ${record}`);
      return answer.value;
    };
    const length = Number.parseInt(this.period, 10) * DAY;
    const share = (isScraped: (step: Step) => boolean) => {
      const within = this.steps.filter((step) => step.at > at - length && step.at <= at && isScraped(step));
      return sum(within.map((step) => step.errors)) / sum(within.map((step) => step.total));
    };
    // The first scrape under the new name has nothing to be compared with.
    const counted = share((step) => step.at <= this.renamed || step.at > this.renamed + GAP + STEP);
    // What is not known yet counts as time without errors.
    const known = Math.min(1, (at - this.start) / length) / BUDGET;
    return {
      ratio: { recorded: await recorded(`slo:sli_error:ratio_rate${this.period}`), counted },
      budget: {
        recorded: await recorded("slo:error_budget_spent:ratio"),
        counted: known * counted,
        happened: known * share(() => true),
      },
    };
  }

  private traffic(): readonly Step[] {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const steps: Step[] = [];
    for (let at = this.start + STEP; at <= this.end; at += STEP) {
      const hour = (at % DAY) / 3600;
      const total = Math.round((hour < 5 ? 20 : 400) * (1 + random()));
      // An outage every fourth day, and one that is going on while the service is renamed.
      const isOut =
        (Math.floor(at / DAY) % 4 === 0 && hour >= 14 && hour < 14.5) || Math.abs(at - this.renamed) < 1800;
      steps.push({ at, total, errors: isOut ? Math.round(total * 0.3) : random() < 0.05 ? 1 : 0 });
    }
    return steps;
  }

  /** The counters of a process that lives all the time, as far as a job of that name scrapes them. */
  private series(job: string, isScraped: (at: number) => boolean): string[] {
    const series = (code: string, of: (step: Step) => number) => {
      const points = [{ at: this.start, value: 1_000 }];
      for (const step of this.steps)
        points.push({ at: step.at, value: (points.at(-1)?.value ?? 0) + of(step) });
      const [first = 0] = points.flatMap(({ at }, index) => (isScraped(at) ? [index] : []));
      const scraped = points.filter(({ at }) => isScraped(at)).map((point) => point.value);
      const isOver = !isScraped(this.end);
      const name = `http_requests_total{job="${job}", namespace="shop", pod="a", code="${code}"}`;
      return `${name} ${first === 0 ? "" : `_x${first} `}${scraped.join(" ")}${isOver ? " stale" : ""}`;
    };
    return [series("200", ({ total, errors }) => total - errors), series("500", ({ errors }) => errors)];
  }
}

/** The rules of a group that is deleted at a moment: its records end with a marker, as those of a group that is gone. */
function until(end: number, { rules, ...group }: RuleGroup): RuleGroup {
  return {
    ...group,
    rules: rules.flatMap((rule) =>
      "record" in rule ? [{ ...rule, expr: `(${rule.expr}) and on() (vector(time()) <= ${end})` }] : [],
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
