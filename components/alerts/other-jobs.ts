import type { InputSeries, Situation } from "./definition.ts";

/**
 * Series of somebody else's exporters, which use the same names in a situation. One says the opposite, which is trouble where the platform
 * is well and the other way round, as the other situations of the alert have it. The other says ten times as much of the very same
 * things. A query that forgot to name its job would listen to them.
 */
export function seriesOfOtherJobs(situation: Situation, all: readonly Situation[]): InputSeries[] {
  const opposite = all
    .filter((other) => other.alerts.length > 0 !== situation.alerts.length > 0)
    .flatMap((other, index) => other.series.map((one) => ofJob(one, `somebody-elses-${index}`)));
  const larger = situation.series
    .filter(measures)
    .map((one) => timesTen(ofJob(one, "somebody-elses-larger")));
  return [...opposite, ...larger];
}

function ofJob(input: InputSeries, job: string): InputSeries {
  return { ...input, series: input.series.replace(/job="[^"]*"/, `job="${job}"`) };
}

/** Whether a series says how much, and not merely yes or no. */
function measures({ values }: InputSeries): boolean {
  return values(1)
    .split(" ")
    .some((part) => NUMBERS.test(part) && !/^(?:[01]|[01]x\d+)$/.test(part));
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
/** A part of promtool's notation: a value, what is added each time, and how often. */
const NUMBERS = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER}))?(x\\d+)?$`);

function timesTen({ series, values }: InputSeries): InputSeries {
  const more = (text: string) => String(Number((10 * Number(text)).toPrecision(12)));
  return {
    series,
    values: (count) =>
      values(count)
        .split(" ")
        .map((part) =>
          part.replace(NUMBERS, (_, start: string, sign?: string, step?: string, times = "") =>
            sign === undefined || step === undefined
              ? `${more(start)}${times}`
              : `${more(start)}${sign}${more(step)}${times}`,
          ),
        )
        .join(" "),
  };
}
