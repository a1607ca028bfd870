import { examplesOf, type Service, slosOf } from "../../components/service/model.ts";
import { bucketLabel, nativeHistogram, OTEL_SECONDS } from "../../components/signals/histogram.ts";
import type { Measure } from "../../components/signals/measures.ts";
import type { ExampleSeries } from "../../components/signals/ratio.ts";

/** How often a service's series are scraped, and since when. */
export interface Scrapes {
  /** Unix time of the first one, in seconds. */
  readonly start: number;
  /** Seconds between two. */
  readonly step: number;
  readonly count: number;
}

/** Events of each scrape. A fifth goes wrong, so that every alert of an objective has something to tell. */
const GOOD = 8000;
const BAD = 2000;

/** What a service in trouble exposes, in promtool's notation: what its objectives count, and all else that is measured of the same events. */
export function seriesOfService(service: Service, environment: string, scrapes: Scrapes): string[] {
  const written = new Map<string, string>();
  for (const { name, signal } of slosOf(service, environment)) {
    const examples = examplesOf(service, name, environment);
    if (examples === undefined) continue;
    for (const [series, values] of counted(examples, scrapes)) written.set(series, values);
    for (const measure of signal.measures ?? [])
      for (const [series, values] of measured(measure, examples, scrapes))
        if (!written.has(series)) written.set(series, values);
  }
  return [...written].map(([series, values]) => `${series} ${values}`);
}

type Written = readonly [series: string, values: string];

function counted({ good, bad, always = [], sampled, native }: ExampleSeries, scrapes: Scrapes): Written[] {
  if (sampled !== undefined)
    return good.map((series) => [
      series,
      sampled.since ? moving(sampled.bad, scrapes) : `${sampled.bad}x${scrapes.count}`,
    ]);
  return [...new Set([...good, ...bad, ...always])].map((series) => {
    const events = { good: good.includes(series) ? GOOD : 0, bad: bad.includes(series) ? BAD : 0 };
    if (native === undefined) return [series, growing(events.good + events.bad, scrapes)];
    const step = nativeHistogram([
      [native.good, events.good],
      [native.bad, events.bad],
    ]);
    return [series, `${step}+${step}x${scrapes.count}`];
  });
}

function measured(measure: Measure, { good }: ExampleSeries, scrapes: Scrapes): Written[] {
  const [first = ""] = good;
  const labels = first.slice(first.indexOf("{"));
  if (measure.kind === "gauge")
    return good.map((series) => [
      `${measure.gauge.metric}${series.slice(series.indexOf("{"))}`,
      `0.2x${scrapes.count}`,
    ]);
  if (measure.form === "native") return [];
  const labelled = (le: string) =>
    `${measure.histogram.metric}_bucket${labels.replace(/\}$/, `,le="${le}"}`)}`;
  const boundaries = OTEL_SECONDS.map((boundary) => boundary * (measure.unit === "seconds" ? 1 : 1000));
  return [
    ...boundaries.map(
      (boundary, index): Written => [
        labelled(bucketLabel(boundary)),
        growing(Math.round((GOOD * (index + 1)) / boundaries.length), scrapes),
      ],
    ),
    [labelled("+Inf"), growing(GOOD, scrapes)],
  ];
}

function growing(step: number, { count }: Scrapes): string {
  return `0+${step}x${count}`;
}

/** A time stamp that stays as long ago. */
function moving(ago: number, { start, step, count }: Scrapes): string {
  return `${start - ago}+${step}x${count}`;
}
