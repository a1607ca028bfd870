import type { InputSeries } from "../../alerts/definition.ts";
import { tidy } from "../../alerts/situations.ts";
import { type Duration, seconds } from "../../core/duration.ts";
import type { Course } from "./definition.ts";

type Stage = Extract<Course, readonly unknown[]>[number];

/** How long a course takes until its last stage begins, in seconds. */
export function lengthOf(course: Course): number {
  return typeof course === "number" ? 0 : course.reduce((sum, stage) => sum + seconds(stage.for ?? "0s"), 0);
}

/** A series with the values of a course, as often as it is scraped. */
export function coursedSeries(series: string, course: Course, scrapeInterval: Duration): InputSeries {
  if (typeof course === "number") return { series, values: (count) => `${course}x${count}` };
  return { series, values: (count) => valuesOf(course, count + 1, seconds(scrapeInterval)) };
}

/** So many values in promtool's notation, a part for each stage. */
function valuesOf(stages: readonly Stage[], count: number, step: number): string {
  const parts: string[] = [];
  let begins = 0;
  let value = 0;
  for (const [index, stage] of stages.entries()) {
    const ends = index === stages.length - 1 ? Number.POSITIVE_INFINITY : begins + seconds(stage.for ?? "0s");
    // The scrapes from the beginning of the stage on, before its end.
    const first = Math.ceil(begins / step);
    const scrapes = Math.min(Math.ceil(ends / step), count) - first;
    const start = value;
    const at = (time: number) => ("perSecond" in stage ? start + stage.perSecond * (time - begins) : value);
    if ("value" in stage && stage.value !== "none") value = stage.value;
    if (scrapes > 0) {
      const isNone = "value" in stage && stage.value === "none";
      parts.push(
        isNone
          ? missing(scrapes)
          : line(at(first * step), "perSecond" in stage ? stage.perSecond * step : 0, scrapes),
      );
    }
    if ("perSecond" in stage && Number.isFinite(ends)) value = at(ends);
    begins = ends;
  }
  return parts.join(" ");
}

function missing(scrapes: number): string {
  return scrapes === 1 ? "_" : `_x${scrapes}`;
}

function line(first: number, growth: number, scrapes: number): string {
  const change = tidy(growth);
  const added = change === 0 ? "" : `${change < 0 ? "-" : "+"}${tidy(Math.abs(change))}`;
  return `${tidy(first)}${added}x${scrapes - 1}`;
}
