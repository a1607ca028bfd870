import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../components/core/duration.ts";
import { httpAvailability, httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { LINKS, SLO } from "./samples.ts";

// Thirty days of a service that is rolled out two hundred times. Each of its ten pods is born with errors: its counters of errors appear
// with a value, in the first scrape of the pod or later. The truth is the sum of what each process counted until its last scrape.

const SCRAPE: Duration = "1m";
const STEP = seconds(SCRAPE);
const START = Date.UTC(2026, 0, 1) / 1000;
/** A day more than the period, so that the longest tiles are found. */
const SCRAPES = seconds("31d") / STEP;
const PODS = 10;
const ROLLOUTS = 200;
const EVERY = Math.floor(seconds("30d") / STEP / ROLLOUTS);

interface Sample {
  readonly good: number;
  /** Undefined before the first error: the series does not exist. */
  readonly bad: number | undefined;
}

/** One pod: its first scrape, and then a sample or a failed scrape for each. */
interface Pod {
  readonly name: string;
  readonly from: number;
  readonly samples: readonly (Sample | "failed")[];
}

interface Scene {
  readonly name: string;
  readonly pods: readonly Pod[];
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

interface Disturbances {
  /** The share of scrapes that fail by themselves. */
  readonly lost?: number;
  /** Whether the container restarts once in its life, without a new pod. */
  readonly restarts?: boolean;
  /** Scrapes that fail before the container listens. */
  readonly slowStart?: number;
}

function pod(
  name: string,
  from: number,
  until: number,
  random: () => number,
  disturbances: Disturbances,
): Pod {
  const { lost = 0, restarts = false, slowStart = 0 } = disturbances;
  const bornAfter = random() < 0.5 ? 0 : Math.floor(random() * 60);
  const restartAt = restarts ? Math.floor((until - from) * (0.2 + 0.6 * random())) : -1;
  let held: { good: number; bad: number | undefined } = { good: 0, bad: undefined };
  let lostBefore = 0;
  const samples: (Sample | "failed")[] = [];
  for (let scrape = 0; scrape < until - from; scrape++) {
    if (scrape < slowStart) {
      samples.push("failed");
      continue;
    }
    if (scrape === restartAt) held = { good: 0, bad: undefined };
    held.good += Math.round(100 * random());
    if (scrape === slowStart + bornAfter) held.bad = (held.bad ?? 0) + 20;
    else if (held.bad !== undefined && random() < 0.01) held.bad += 1;
    const fails = scrape > slowStart && scrape !== restartAt && lostBefore < 2 && random() < lost;
    lostBefore = fails ? lostBefore + 1 : 0;
    samples.push(fails ? "failed" : { ...held });
  }
  return { name, from, samples };
}

function rollouts(name: string, seed: number, disturbances: Disturbances = {}): Scene {
  const random = randomFrom(seed);
  const pods: Pod[] = [];
  for (let rollout = 0; rollout <= ROLLOUTS; rollout++)
    for (let number = 0; number < PODS; number++) {
      // One pod after the other is replaced, and the new one is scraped twice before the old one ends.
      const from = rollout === 0 ? 0 : rollout * EVERY + 2 * number;
      const until = Math.min(SCRAPES + 1, (rollout + 1) * EVERY + 2 * number + 2);
      pods.push(pod(`r${rollout}-${number}`, from, until, random, disturbances));
    }
  return { name, pods };
}

const SCENES: readonly Scene[] = [
  rollouts("rollouts alone", 1),
  rollouts("restarts of containers", 2, { restarts: true }),
  rollouts("scrapes that fail", 3, { lost: 0.02 }),
  rollouts("containers that do not listen at first", 4, { slowStart: 2 }),
];

const sloOf = (index: number): Slo => ({
  ...SLO,
  service: `scene-${index}`,
  signal: httpAvailability("http_requests_total", { job: `scene-${index}`, namespace: "shop" }),
});

function seriesOf({ pods }: Scene, index: number): readonly string[] {
  return pods.flatMap(({ name, from, samples }) => {
    const target = { job: `scene-${index}`, namespace: "shop", instance: `${name}:80`, pod: name };
    const line = (series: string, value: (sample: Sample | "failed") => number | undefined) =>
      `${series} _x${from} ${samples.map((sample) => value(sample) ?? "_").join(" ")}`.replace(" _x0 ", " ");
    const counter = (status: number, value: (sample: Sample) => number | undefined) =>
      line(printSelector(httpSeries("http_requests_total", status, target)), (sample) =>
        sample === "failed" ? undefined : value(sample),
      );
    const up = `up{job="scene-${index}",namespace="shop",instance="${name}:80",pod="${name}"}`;
    return [
      counter(200, ({ good }) => good),
      ...(samples.some((sample) => sample !== "failed" && sample.bad !== undefined)
        ? [counter(500, ({ bad }) => bad)]
        : []),
      line(up, (sample) => (sample === "failed" ? 0 : 1)),
    ];
  });
}

/** What the processes of a pod counted from one scrape to the next; before its first scrape a process has counted nothing. */
function growthOf(pods: readonly Pod[], value: (sample: Sample) => number): Float64Array {
  const growth = new Float64Array(SCRAPES + 1);
  for (const { from, samples } of pods) {
    let before = 0;
    for (const [index, sample] of samples.entries()) {
      if (sample === "failed") continue;
      const now = value(sample);
      growth[from + index] = (growth[from + index] ?? 0) + (now < before ? now : now - before);
      before = now;
    }
  }
  return growth;
}

function within(growth: Float64Array, at: number): number {
  let sum = 0;
  // What the first pods held in the first scrape of all cannot be told from what they counted before.
  for (let scrape = Math.max(1, at - seconds("30d") / STEP + 1); scrape <= at; scrape++)
    sum += growth[scrape] ?? 0;
  return sum;
}

function exprOf(slo: Slo, record: string): string {
  const rule = ruleGroup(slo, SCRAPE, LINKS).rules.find((each) => "record" in each && each.record === record);
  if (rule === undefined) throw new Error(`no rule records ${record}`);
  return rule.expr;
}

const RECORDED = new Set<string>([
  RECORDS.totalStep,
  RECORDS.errorsStep,
  ...(["1h", "6h", "1d", "3d"] as const).flatMap((window) => [RECORDS.total(window), RECORDS.errors(window)]),
]);

describe(`the ratio over thirty days through ${ROLLOUTS} rollouts of ${PODS} pods that are born with errors`, () => {
  let prometheus: PrometheusWithHistory;

  beforeAll(async () => {
    const groups = SCENES.map((_, index) => {
      const { name, interval, rules } = ruleGroup(sloOf(index), SCRAPE, LINKS);
      return { name, interval, rules: rules.filter((rule) => "record" in rule && RECORDED.has(rule.record)) };
    });
    prometheus = await PrometheusWithHistory.start({
      start: START,
      end: START + SCRAPES * STEP,
      step: STEP,
      series: SCENES.flatMap(seriesOf),
      rules: [{ groups, from: START }],
    });
  }, 600_000);
  afterAll(() => prometheus?.stop());

  it.each(SCENES.map((scene, index) => [scene.name, scene, index] as const))(
    "is within a thousandth of brute force: %s",
    async (_, { pods }, index) => {
      const slo = sloOf(index);
      const bad = growthOf(pods, (sample) => sample.bad ?? 0);
      const good = growthOf(pods, (sample) => sample.good);
      for (const scrape of [SCRAPES - 700, SCRAPES - 301, SCRAPES]) {
        const ask = async (record: string) =>
          (await prometheus.query(exprOf(slo, record), START + scrape * STEP)).answers[0]?.value ??
          Number.NaN;
        const [failed, succeeded] = [within(bad, scrape), within(good, scrape)];
        const errors = (await ask(RECORDS.errors("30d"))) * seconds("30d");
        const total = (await ask(RECORDS.total("30d"))) * seconds("30d");
        expect(failed).toBeGreaterThan(20 * ROLLOUTS * PODS * 0.9);
        expect(Math.abs(errors / failed - 1)).toBeLessThan(0.001);
        expect(Math.abs(total / (failed + succeeded) - 1)).toBeLessThan(0.001);
        expect(Math.abs(errors / total / (failed / (failed + succeeded)) - 1)).toBeLessThan(0.001);
      }
    },
  );
});
