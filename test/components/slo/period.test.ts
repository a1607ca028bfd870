import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../components/core/duration.ts";
import { httpAvailability, httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { LINKS, SLO } from "./samples.ts";

// The ratio over thirty days as the real Prometheus records it, scraped and evaluated every minute for 45 days, against
// the increments of the very samples that it scraped. promtool cannot show this: it takes 10,000 samples for a query.

const SCRAPE: Duration = "1m";
const STEP = seconds(SCRAPE);
const START = Date.UTC(2026, 0, 1) / 1000;
const PERIOD = seconds("30d");
/** Half as long again as the period, so that the windows that are looked at begin anywhere in the first half month. */
const SCRAPES = (1.5 * PERIOD) / STEP;
const END = START + SCRAPES * STEP;
const MOMENTS = 100;

/** The value of a counter at each scrape; undefined where the scrape failed. */
type Counter = readonly (number | undefined)[];

interface Scene {
  readonly name: string;
  /** By pod, what was counted of successes and of failures. */
  readonly pods: readonly { readonly good: Counter; readonly bad: Counter }[];
}

interface Traffic {
  readonly good: number;
  readonly bad: number;
}

type Rates = (scrape: number, random: () => number) => Traffic;

/** A generator of its own for each scene, so that a scene does not change with those before it. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Counters that grow by the rates of each scrape, fall to zero at the restarts, and are not seen in the gaps. */
function pod(
  seed: number,
  rates: Rates,
  { restarts = [], isLost = () => false }: Partial<Disturbances> = {},
) {
  const random = randomFrom(seed);
  const counted = { good: 9_000, bad: 400 };
  const good: (number | undefined)[] = [];
  const bad: (number | undefined)[] = [];
  for (let scrape = 0; scrape <= SCRAPES; scrape++) {
    if (restarts.includes(scrape)) Object.assign(counted, { good: 0, bad: 0 });
    const grown = rates(scrape, random);
    counted.good += Math.round(grown.good);
    counted.bad += Math.round(grown.bad);
    good.push(isLost(scrape) ? undefined : counted.good);
    bad.push(isLost(scrape) ? undefined : counted.bad);
  }
  return { good, bad };
}

interface Disturbances {
  readonly restarts: readonly number[];
  readonly isLost: (scrape: number) => boolean;
}

const hour = (scrape: number) => ((scrape * STEP) / 3600) % 24;
const day = (scrape: number) => Math.floor((scrape * STEP) / 86_400);

/** By day and by night, nothing at all from two to four, a tenth of the requests failing in bursts at noon. */
const bursts: Rates = (scrape, random) => {
  const now = hour(scrape);
  if (now >= 2 && now < 4) return { good: 0, bad: 0 };
  const busy = 200 + 800 * Math.max(0, Math.sin(((now - 6) / 24) * 2 * Math.PI));
  const fails = now >= 12 && now < 12.2 && day(scrape) % 3 === 0;
  return { good: busy * random() * 2, bad: fails ? 100 * random() : random() < 0.02 ? 1 : 0 };
};

/** Now and then, within a single scrape, five hundred times what is usual; and every eleventh spike fails. */
const spikes: Rates = (scrape, random) => {
  const usual = 20 * random();
  if (scrape % 977 !== 0) return { good: usual, bad: 0 };
  return scrape % (977 * 11) === 0 ? { good: usual, bad: 3_000 } : { good: 10_000, bad: 0 };
};

/** The first counter-example: errors come with traffic. */
const errorsWithTraffic: Rates = (scrape) => ({
  good: 60 * 10 * STEP * 0.1,
  bad: hour(scrape) >= 15 && hour(scrape) < 15 + 1 / 6 ? 2 * 20 * STEP : 0,
});

/** The second: one hour of total outage, at a hundredth of the traffic. */
const outageAtNight: Rates = (scrape) => {
  const out = day(scrape) === 20 && hour(scrape) >= 3 && hour(scrape) < 4;
  return out ? { good: 0, bad: 30 } : { good: 3_000, bad: 0 };
};

const restartsOf = (seed: number, amount: number) => {
  const random = randomFrom(seed);
  return Array.from({ length: amount }, () => Math.floor(random() * SCRAPES));
};

/** One scrape in two hundred fails by itself, and every other day none succeeds for twenty minutes. */
const gaps = (seed: number) => {
  const random = randomFrom(seed);
  const alone = new Set(Array.from({ length: SCRAPES / 200 }, () => Math.floor(random() * SCRAPES)));
  return (scrape: number) =>
    alone.has(scrape) || (day(scrape) % 2 === 0 && hour(scrape) >= 11.8 && hour(scrape) < 11.8 + 1 / 3);
};

const SCENES: readonly Scene[] = [
  { name: "bursts and stops", pods: [pod(1, bursts), pod(2, bursts), pod(3, bursts)] },
  {
    name: "restarts, once in two days for each of three pods",
    pods: [4, 5, 6].map((seed) => pod(seed, bursts, { restarts: restartsOf(seed, 30) })),
  },
  { name: "spikes of a single scrape", pods: [pod(7, spikes), pod(8, spikes)] },
  { name: "errors that come with traffic", pods: [pod(9, errorsWithTraffic)] },
  { name: "an outage while nobody is there", pods: [pod(10, outageAtNight)] },
  { name: "lost scrapes", pods: [11, 12].map((seed) => pod(seed, bursts, { isLost: gaps(seed) })) },
];

const sloOf = (index: number): Slo => {
  const service = `scene-${index}`;
  return {
    ...SLO,
    service,
    signal: httpAvailability("http_requests_total", { job: service, namespace: "shop" }),
  };
};

function seriesOf({ pods }: Scene, index: number): readonly string[] {
  return pods.flatMap(({ good, bad }, number) =>
    (
      [
        [200, good],
        [500, bad],
      ] as const
    ).map(([status, counter]) => {
      const target = { job: `scene-${index}`, namespace: "shop", pod: String(number) };
      const name = printSelector(httpSeries("http_requests_total", status, target));
      return `${name} ${counter.map((value) => value ?? "_").join(" ")}`;
    }),
  );
}

/** After more lost scrapes in a row, nobody knows whether what was counted meanwhile is new. */
const BRIDGED = 2;

interface Growth {
  /** Since the counter was first seen, up to each scrape; a fall is a restart, which begins at zero. */
  readonly total: Float64Array;
  /** Of that, what was counted in longer gaps. */
  readonly inGaps: Float64Array;
}

function growthOf(counter: Counter): Growth {
  const total = new Float64Array(counter.length);
  const inGaps = new Float64Array(counter.length);
  let before: number | undefined;
  let lost = 0;
  for (const [scrape, value] of counter.entries()) {
    const step = value === undefined || before === undefined ? 0 : value < before ? value : value - before;
    total[scrape] = (total[scrape - 1] ?? 0) + step;
    inGaps[scrape] = (inGaps[scrape - 1] ?? 0) + (lost > BRIDGED ? step : 0);
    lost = value === undefined ? lost + 1 : 0;
    before = value ?? before;
  }
  return { total, inGaps };
}

interface Truth {
  /** Failures as a share of all, of the increments in (t - period, t]. */
  readonly ratio: number;
  /** By how much of it a record may be off: the last digits of floats, and what longer gaps hide. */
  readonly within: number;
}

function truth({ pods }: Scene): (scrape: number) => Truth {
  const good = pods.map((each) => growthOf(each.good));
  const bad = pods.map((each) => growthOf(each.bad));
  return (scrape) => {
    const first = scrape - PERIOD / STEP;
    const within = (growths: readonly Growth[], part: keyof Growth) =>
      growths.reduce((sum, { [part]: values }) => sum + (values[scrape] ?? 0) - (values[first] ?? 0), 0);
    const failed = within(bad, "total");
    const all = failed + within(good, "total");
    const failedInGaps = within(bad, "inGaps");
    const allInGaps = failedInGaps + within(good, "inGaps");
    return { ratio: failed / all, within: 1e-9 + failedInGaps / failed + allInGaps / all };
  };
}

/** Moments at which the period is full of history, which takes it, the longest tile's look back and a day besides. */
const moments = (() => {
  const random = randomFrom(42);
  const first = (PERIOD + seconds("1d")) / STEP;
  return Array.from({ length: MOMENTS }, () => first + Math.floor(random() * (SCRAPES - first)));
})();

/** Everything that the ratio is made of is recorded all along; the ratio itself is asked for at each moment. */
const RECORDED = new Set<string>([
  RECORDS.totalStep,
  RECORDS.errorsStep,
  ...(["5m", "1h", "6h", "1d", "3d"] as const).flatMap((window) => [
    RECORDS.total(window),
    RECORDS.errors(window),
  ]),
]);

function exprOf(slo: Slo, record: string): string {
  const rule = ruleGroup(slo, SCRAPE, LINKS).rules.find((each) => "record" in each && each.record === record);
  if (rule === undefined) throw new Error(`no rule records ${record}`);
  return rule.expr;
}

/** How far the ratio is off at the moments, as a share of what it may be off by. */
async function shareOfBound(
  prometheus: PrometheusWithHistory,
  slo: Slo,
  scene: Scene,
): Promise<readonly number[]> {
  const expected = truth(scene);
  const [errors, total] = [exprOf(slo, RECORDS.errors("30d")), exprOf(slo, RECORDS.total("30d"))];
  const ask = async (expr: string, at: number) => (await prometheus.query(expr, at)).answers[0]?.value;
  const shares: number[] = [];
  for (const scrape of moments) {
    const at = START + scrape * STEP;
    const ratio = ((await ask(errors, at)) ?? Number.NaN) / ((await ask(total, at)) ?? Number.NaN);
    const { ratio: exact, within } = expected(scrape);
    shares.push(Math.abs(ratio / exact - 1) / within);
  }
  return shares;
}

describe("the ratio over thirty days in the real Prometheus, at a hundred moments", () => {
  let prometheus: PrometheusWithHistory;

  beforeAll(async () => {
    const groups = SCENES.map((_, index) => {
      const { name, interval, rules } = ruleGroup(sloOf(index), SCRAPE, LINKS);
      return { name, interval, rules: rules.filter((rule) => "record" in rule && RECORDED.has(rule.record)) };
    });
    const series = SCENES.flatMap(seriesOf);
    prometheus = await PrometheusWithHistory.start({
      start: START,
      end: END,
      step: STEP,
      series,
      rules: [{ groups, from: START }],
    });
  }, 300_000);
  afterAll(() => prometheus?.stop());

  it.each(SCENES.map((scene, index) => [scene.name, scene, index] as const))(
    "is what the counters say through %s",
    async (_, scene, index) => {
      const shares = await shareOfBound(prometheus, sloOf(index), scene);
      expect(shares).toHaveLength(MOMENTS);
      for (const share of shares) expect(share).toBeLessThanOrEqual(1);
    },
  );

  it("comes with how much of the period is known", async () => {
    const slo = sloOf(0);
    const covered = async (after: string) => {
      const { answers } = await prometheus.query(exprOf(slo, RECORDS.historyCovered), START + seconds(after));
      return answers.map(({ value }) => value);
    };
    // Since the first five minutes of the last six hours, or the first full hour of the period, as a share of one step less.
    expect(await covered("0s")).toEqual([]);
    expect(await covered("4m")).toEqual([0]);
    expect(await covered("1h")).toEqual([expect.closeTo(((55 / 60) * (360 / 355)) / 720, 9)]);
    expect(await covered("12h30m")).toEqual([expect.closeTo(11.5 / 719, 9)]);
    expect(await covered("10d")).toEqual([expect.closeTo(239 / 719, 9)]);
    expect(await covered("30d1h")).toEqual([1]);
  });
});
