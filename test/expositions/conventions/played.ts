import type { PromtoolSeries } from "../../../components/core/promtool.ts";
import { parseSeries } from "../exposition.ts";
import type { Recording } from "./recording.ts";

// A recording as input of promtool: each kind of request in a stretch of its own, repeated in each scrape.

/** Scrapes in a stretch, each 30 seconds. */
const SCRAPES = 8;

/** The second in the middle of the stretch of a kind of request; none if it was not recorded. */
export function momentOf({ growth }: Recording, kind: string): number | undefined {
  const index = [...growth.keys()].indexOf(kind);
  return index === -1 ? undefined : (1 + index * SCRAPES + SCRAPES / 2) * 30;
}

/** The series that are wanted, on a target with these labels. */
export function played(
  { growth }: Recording,
  isWanted: (metric: string, labels: Readonly<Record<string, string>>) => boolean,
  target: Readonly<Record<string, string>>,
): readonly PromtoolSeries[] {
  return seriesIn(growth).flatMap((series) => {
    const { metric, labels: exposed } = parseSeries(series);
    const labels = stored(exposed);
    if (!isWanted(metric, labels)) return [];
    return [{ series: `${metric}{${written({ ...target, ...labels })}}`, values: valuesOf(series, growth) }];
  });
}

function seriesIn(growth: Recording["growth"]): readonly string[] {
  return [...new Set([...growth.values()].flatMap((grown) => [...grown.keys()]))];
}

/** As Prometheus 3 stores it: the bound of a bucket always has a point. */
function stored(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { le, ...others } = labels;
  if (le === undefined || le === "+Inf") return labels;
  const bound = String(Number(le));
  return { ...others, le: /[.e]/.test(bound) ? bound : `${bound}.0` };
}

function written(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");
}

function valuesOf(series: string, growth: Recording["growth"]): string {
  let value = 0;
  // A counter that is there from the start, so that its first step counts.
  const parts = ["0"];
  for (const grown of growth.values()) {
    const by = grown.get(series) ?? 0;
    parts.push(`${value + by}+${by}x${SCRAPES - 1}`);
    value += by * SCRAPES;
  }
  return parts.join(" ");
}

/** The gauges that are wanted, each with the value that it had after each kind of request for the stretch of that kind. */
export function playedGauges(
  { growth }: Recording,
  isWanted: (metric: string, labels: Readonly<Record<string, string>>) => boolean,
  target: Readonly<Record<string, string>>,
): readonly PromtoolSeries[] {
  return seriesIn(growth).flatMap((series) => {
    const { metric, labels } = parseSeries(series);
    if (!isWanted(metric, labels)) return [];
    let value = 0;
    const held = [...growth.values()].map((grown) => {
      value += grown.get(series) ?? 0;
      return `${value}x${SCRAPES - 1}`;
    });
    return [{ series: `${metric}{${written({ ...target, ...labels })}}`, values: ["0", ...held].join(" ") }];
  });
}
