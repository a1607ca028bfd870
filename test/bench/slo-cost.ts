import type { WrittenRule } from "../../components/core/rules.ts";
import { httpSeries } from "../../components/signals/http.ts";
import { printSelector } from "../../components/signals/promql.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import { promisesOf } from "../../components/slo/promises.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { LINKS, SLO, TARGET } from "../components/slo/samples.ts";
import { slothRules } from "../components/slo/sloth.ts";
import { PrometheusWithHistory } from "../support/prometheus.ts";

// What the rules of one SLO of 99.9% over 30 days cost a Prometheus every 30 seconds, next to Sloth's for the same objective
// over the same counters: samples that the engine touches, and seconds that it takes. Run by `npm run bench`. The samples are
// the same on every machine; of the seconds, measured in turns within one run, only the ratio says anything.

const STEP = 30;
const START = Date.UTC(2026, 0, 1) / 1000;
const DAYS = 31;
const END = START + DAYS * 86_400;
/** How often each rule is timed. */
const ROUNDS = 15;

const LIMITS = { samples: 0.02, seconds: 0.5, query: 10_000 };
interface Generator {
  readonly name: string;
  readonly rules: readonly WrittenRule[];
  readonly history: {
    readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[];
    readonly from: number;
  }[];
}

interface Cost {
  readonly samples: number;
  readonly seconds: number;
  readonly largest: { readonly rule: string; readonly samples: number };
}

/** Four series in five succeed, ten times a second; the fifth bursts to twenty errors a second for ten minutes each day. */
function scraped(amount: number): readonly string[] {
  const scrapes = (DAYS * 86_400) / STEP;
  return Array.from({ length: amount }, (_, index) => {
    const fails = index % 5 === 4;
    const name = printSelector(
      httpSeries("http_requests_total", fails ? 503 : 200, { ...TARGET, pod: `pod-${index}` }),
    );
    return `${name} ${fails ? burstsOnceADay(scrapes) : `${10 * STEP}+${10 * STEP}x${scrapes}`}`;
  });
}

function burstsOnceADay(scrapes: number): string {
  const [day, burst, step] = [86_400 / STEP, 600 / STEP, 20 * STEP];
  const parts = ["0"];
  for (let at = 0, value = 0; at < scrapes; at += day) {
    parts.push(`${value}x${day / 2 - 1}`, `${value + step}+${step}x${burst - 1}`);
    value += step * burst;
    parts.push(`${value}x${day / 2 - burst - 1}`);
  }
  return parts.join(" ");
}

/**
 * A generator with its past: what other rules read over time has been recorded all along, and everything else of late, since
 * nobody reads more of it than its newest sample.
 */
function generator(name: string, rules: readonly WrittenRule[]): Generator {
  const records = rules.filter(({ record }) => record !== undefined);
  const isReadOverTime = ({ record = "" }: WrittenRule) =>
    rules.some(({ expr }) => new RegExp(`${record}\\{[^}]*\\}(?:\\)?\\[| offset)`).test(expr));
  const group = (part: string, chosen: readonly object[]) => [{ name: `${name}-${part}`, rules: chosen }];
  const recent = END - (ROUNDS + 10) * STEP;
  return {
    name,
    rules,
    history: [
      { groups: group("long", records.filter(isReadOverTime)), from: START },
      {
        groups: group(
          "recent",
          records.filter((rule) => !isReadOverTime(rule)),
        ),
        from: recent,
      },
    ],
  };
}

/** Rules of both in turns, so that a busy moment of the machine hits both. */
async function measure(prometheus: PrometheusWithHistory, generators: readonly Generator[]): Promise<Cost[]> {
  const timings = generators.map(({ rules }) => rules.map((): number[] => []));
  const samples = generators.map(({ rules }) => rules.map(() => 0));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [g, { name, rules }] of generators.entries()) {
      for (const [r, { record, expr }] of rules.entries()) {
        const measured = await prometheus.query(expr, END - round * STEP);
        // Of events with a known outcome, nothing is recorded here.
        const mayBeEmpty = record === undefined || record === RECORDS.unclassifiedStep;
        if (!mayBeEmpty && measured.answers.length === 0)
          throw new Error(
            `${record} of ${name} finds nothing, so that what it costs is not what it would cost`,
          );
        timings[g]?.[r]?.push(measured.seconds);
        if (round === 0) samples[g]?.splice(r, 1, measured.samples);
      }
    }
  }
  // All groups of both are evaluated once in 30 s: neither gives a group an interval of its own.
  return generators.map(({ rules }, g) => {
    const touched = samples[g] ?? [];
    const most = Math.max(...touched);
    const { record, alert } = rules[touched.indexOf(most)] ?? {};
    return {
      samples: touched.reduce((sum, each) => sum + each, 0),
      seconds: (timings[g] ?? []).reduce((sum, each) => sum + median(each), 0),
      largest: { rule: record ?? alert ?? "", samples: most },
    };
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const ours = generator("bellwether", ruleGroup(SLO, `${STEP}s`, LINKS).rules);
const sloth = generator(
  "sloth",
  (await slothRules(SLO)).flatMap(({ rules }) => rules),
);
const { cost } = promisesOf(SLO, `${STEP}s`);
const failures: string[] = [];

for (const { name, rules } of [ours, sloth]) {
  const records = rules.filter(({ record }) => record !== undefined).length;
  console.log(`${name.padEnd(12)} ${records} records and ${rules.length - records} alerts per SLO`);
}
console.log("\nseries  rules        samples per 30 s  largest query                           evaluation");
for (const amount of [10, 1_000]) {
  console.error(`${amount} series: writing ${DAYS} days`);
  const prometheus = await PrometheusWithHistory.start({
    start: START,
    end: END,
    step: STEP,
    series: scraped(amount),
    rules: [...ours.history, ...sloth.history],
  });
  try {
    const costs = await measure(prometheus, [ours, sloth]);
    const [own, peer] = costs as [Cost, Cost];
    for (const [index, { samples, seconds, largest }] of costs.entries())
      console.log(
        [
          String(amount).padStart(6),
          ([ours, sloth][index]?.name ?? "").padEnd(11),
          samples.toLocaleString("en").padStart(16),
          `${largest.samples.toLocaleString("en").padStart(14)} ${largest.rule.padEnd(25)}`,
          `${(seconds * 1000).toFixed(2).padStart(8)} ms`,
        ].join("  "),
      );
    const share = { samples: own.samples / peer.samples, seconds: own.seconds / peer.seconds };
    console.log(
      `        ours / Sloth's: ${(share.samples * 100).toFixed(2)}% of the samples (limit ${LIMITS.samples * 100}%), ` +
        `${(share.seconds * 100).toFixed(0)}% of the time (limit ${LIMITS.seconds * 100}%)`,
    );
    if (share.samples > LIMITS.samples) failures.push(`too many samples with ${amount} series`);
    if (share.seconds > LIMITS.seconds) failures.push(`too much time with ${amount} series`);
    const promised =
      cost.samplesPerSeries * amount + cost.samplesPerErrorSeries * (amount / 5) + cost.samplesOfRecords;
    // One sample of the promise is of events with an unknown outcome, and here are none.
    if (own.samples !== promised - 1)
      failures.push(`${own.samples} samples where ${promised - 1} are promised`);
    if (own.largest.samples > LIMITS.query)
      failures.push(`${own.largest.rule} touches ${own.largest.samples} samples with ${amount} series`);
  } finally {
    await prometheus.stop();
  }
}

for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
