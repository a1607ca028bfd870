import { parse, stringify } from "yaml";
import type { Month } from "../../../cli/slo-report/month.ts";
import { reportSlos, type SloReportRequest } from "../../../cli/slo-report/report.ts";
import type { SloReport } from "../../../cli/slo-report/result.ts";
import { type Duration, seconds } from "../../../components/core/duration.ts";
import { httpAvailability } from "../../../components/signals/http.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { LINKS } from "../../components/slo/samples.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { read } from "../../support/repository.ts";

// Two services whose requests are known, over a month that begins two hours after the history, and the budget by adding up those requests.

const MONTH_BEGINS = Date.UTC(2026, 9, 1) / 1000;
const BEFORE = 7200;

const slo = (service: string, objective: string, team: string): Slo => ({
  service,
  team,
  name: "availability",
  objective,
  period: "30d",
  minimumErrors: 5,
  signal: httpAvailability("http_requests_total", { job: service, namespace: "shop" }),
});

const SLOS = [slo("storefront", "99.9", "shop"), slo("payments", "99.5", "money")];

/** An outage of a service: a share of requests fails in hours after the beginning of the month. */
interface Outage {
  readonly service: string;
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
}

const OUTAGES: readonly Outage[] = [
  { service: "storefront", from: 2.5, to: 2.75, ratio: 1 },
  { service: "storefront", from: 5, to: 5.5, ratio: 0.2 },
  { service: "payments", from: 4, to: 4.2, ratio: 0.5 },
];

/** What a service counted in each scrape after the first. */
interface Counted {
  readonly at: number;
  readonly total: number;
  readonly errors: number;
}

/** A month of which so many days have happened, at a scrape interval. */
export class Scenario {
  readonly start = MONTH_BEGINS - BEFORE;
  readonly end: number;
  private readonly step: number;
  private readonly interval: Duration;
  private readonly requests: ReadonlyMap<string, readonly Counted[]>;

  private readonly outages: readonly Outage[];

  constructor(days: number, interval: Duration, outages = OUTAGES) {
    this.outages = outages;
    this.interval = interval;
    this.step = seconds(interval);
    this.end = MONTH_BEGINS + Math.round(days * 86_400);
    this.requests = new Map(SLOS.map(({ service }, index) => [service, this.requestsOf(service, index)]));
  }

  /** The month as it is when the history ends. */
  month(name = "2026-10"): Month {
    const [year = 0, month = 0] = name.split("-").map(Number);
    const [from, to] = [Date.UTC(year, month - 1, 1) / 1000, Date.UTC(year, month, 1) / 1000];
    return { name, from, to: Math.min(to, this.end), end: to, isOpen: to > this.end };
  }

  run(): Promise<PrometheusWithHistory> {
    const { start, end, step } = this;
    return PrometheusWithHistory.start({
      start,
      end,
      step,
      series: SLOS.flatMap(({ service }) => this.seriesOf(service)),
      rules: SLOS.map((each) => ({
        groups: [ruleGroup(each, this.interval, LINKS)],
        from: start,
        alertsFrom: start,
        loaded: true as const,
      })),
      externalLabels: { environment: "prod" },
    });
  }

  report(
    prometheus: PrometheusWithHistory,
    more: Partial<Pick<SloReportRequest, "maintenance" | "journeys" | "policyOf">> = {},
    month = this.month(),
  ): Promise<SloReport> {
    const { maintenance = [], journeys = [], policyOf = async () => undefined } = more;
    return reportSlos({ prometheus: prometheus.url, month, maintenance, journeys, policyOf }, {});
  }

  /** Events of a service after one moment, up to another. */
  count(service: string, from: number, to: number): { readonly total: number; readonly errors: number } {
    const within = (this.requests.get(service) ?? []).filter(({ at }) => at > from && at <= to);
    return {
      total: within.reduce((sum, { total }) => sum + total, 0),
      errors: within.reduce((sum, { errors }) => sum + errors, 0),
    };
  }

  /** The first request that failed in an outage. */
  begins(service: string, outage: number): number {
    const own = this.outages.filter((each) => each.service === service)[outage];
    return MONTH_BEGINS + (own?.from ?? Number.NaN) * 3600;
  }

  private requestsOf(service: string, index: number): readonly Counted[] {
    let seed = index + 1;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const counted: Counted[] = [];
    for (let at = this.start + this.step; at <= this.end; at += this.step) {
      // Outages come back each day.
      const hour = (((at - MONTH_BEGINS) / 3600) % 24) + (at < MONTH_BEGINS ? 24 : 0);
      const outage = this.outages.find(
        (each) => each.service === service && hour > each.from && hour <= each.to,
      );
      const total = 400 + Math.round(40 * random());
      const ratio = outage?.ratio ?? (random() < 0.02 ? 0.002 : 0);
      counted.push({ at, total, errors: Math.round(total * ratio) });
    }
    return counted;
  }

  private seriesOf(service: string): string[] {
    const series = (code: string, of: (each: Counted) => number) => {
      let value = 1000;
      const values = [value, ...(this.requests.get(service) ?? []).map((each) => (value += of(each)))];
      return `http_requests_total{job="${service}", namespace="shop", pod="a", code="${code}"} ${values.join(" ")}`;
    };
    return [series("200", ({ total, errors }) => total - errors), series("500", ({ errors }) => errors)];
  }
}

/** The file of an environment with an error budget policy, and the policy. */
export function frozenStack(name: string) {
  const errorBudget = { freeze: "releases", openedBy: ["platform"] };
  const file = parse(read(`stacks/Pulumi.${name}.yaml`));
  Object.assign(file.config["bellwether:environment"], { errorBudget });
  return { stack: stringify(file), errorBudget };
}
