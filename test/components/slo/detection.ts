import type { Duration } from "../../../components/core/duration.ts";
import type { AlertingRule, WrittenRule } from "../../../components/core/rules.ts";
import { httpAvailability, httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import { ALERTS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { type Detection, promisesOf } from "../../../components/slo/promises.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { type History, PrometheusWithHistory } from "../../support/prometheus.ts";
import { LINKS, SLO } from "./samples.ts";
import { slothRules } from "./sloth.ts";

// How long a page takes in the real Prometheus, ours next to Sloth's: errors that set in at once after hours of calm.

const SCRAPE: Duration = "30s";
const STEP = 30;
const START = Date.UTC(2026, 0, 1) / 1000;
/** Long enough that every window of a page is full of calm before. */
const CALM = 8 * 3600;
/** Longer than the slowest page that is promised. */
const TROUBLE = 4 * 3600;
const REQUESTS_PER_SCRAPE = 3_000;

/** Whether failures were ever counted before: a counter that is born with its first failure tells that failure to nobody. */
type Counter = "counted before" | "first of all";

export interface MeasuredDetection {
  readonly promised: Detection;
  readonly counter: Counter;
  /** Seconds from the beginning of the errors to the evaluation that fires. */
  readonly ours: number | undefined;
  readonly sloth: number | undefined;
}

interface Scene {
  readonly slo: Slo;
  readonly series: readonly string[];
  readonly promised: Detection;
  readonly counter: Counter;
}

export async function measureDetection(): Promise<readonly MeasuredDetection[]> {
  const scenes = promisesOf(SLO, SCRAPE).detection.flatMap((promised) =>
    (["counted before", "first of all"] as const).map((counter) => scene(promised, counter)),
  );
  const rules = await Promise.all(
    scenes.map(async ({ slo }) => ({ ours: ruleGroup(slo, SCRAPE, LINKS), sloth: await slothRules(slo) })),
  );
  const history: History = {
    start: START,
    end: START + CALM + TROUBLE,
    step: STEP,
    series: scenes.flatMap(({ series }) => series),
    rules: [{ groups: rules.flatMap(({ ours, sloth }) => [ours, ...sloth]), from: START }],
  };
  const prometheus = await PrometheusWithHistory.start(history);
  try {
    return await Promise.all(
      scenes.map(async ({ promised, counter }, index) => {
        const { ours, sloth } = rules[index] ?? {};
        const own = ours?.rules.find(
          (rule) => "alert" in rule && rule.alert === ALERTS.fastBurn,
        ) as AlertingRule;
        const peer = sloth?.flatMap((group) => group.rules).find(isPage);
        return {
          promised,
          counter,
          ours: await firstFiring(prometheus, own.expr),
          sloth: await firstFiring(prometheus, peer?.expr ?? ""),
        };
      }),
    );
  } finally {
    await prometheus.stop();
  }
}

function isPage({ alert, labels = {} }: WrittenRule): boolean {
  return alert !== undefined && labels["severity"] === "critical";
}

/** Neither alert has a `for`, so it fires in the evaluation in which its condition first holds. */
async function firstFiring(prometheus: PrometheusWithHistory, expr: string): Promise<number | undefined> {
  const begin = START + CALM;
  const found = await prometheus.course(expr, START + 7 * 3600, begin + TROUBLE, STEP);
  const moments = found.flatMap(({ points }) => points.map(([at]) => at));
  return moments.length === 0 ? undefined : Math.min(...moments) - begin;
}

function scene(promised: Detection, counter: Counter): Scene {
  const service = `service-${promised.errorRate * 100}-${counter.replaceAll(" ", "-")}`;
  const target = { job: service, namespace: "shop" };
  const failing = Math.round(REQUESTS_PER_SCRAPE * promised.errorRate);
  const succeeding = REQUESTS_PER_SCRAPE - failing;
  const [calm, trouble] = [CALM / STEP, TROUBLE / STEP];
  const before = REQUESTS_PER_SCRAPE * calm;
  const named = (status: number) => printSelector(httpSeries("http_requests_total", status, target));
  return {
    slo: { ...SLO, service, signal: httpAvailability("http_requests_total", target) },
    series: [
      `${named(200)} 0+${REQUESTS_PER_SCRAPE}x${calm} ${before + succeeding}+${succeeding}x${trouble - 1}`,
      `${named(500)} ${counter === "counted before" ? "0" : "_"}x${calm} ${failing}+${failing}x${trouble - 1}`,
    ],
    promised,
    counter,
  };
}
