import type { InputSeries, Situation } from "./definition.ts";

/**
 * Series of other jobs with the same metric names. One set has the values of the opposite cases of the alert: bad values where the case
 * must not fire, good values where it must. The other set has ten times the values of the case. A query without a job matcher would read
 * them, and the case would fail.
 */
export function seriesOfOtherJobs(situation: Situation, all: readonly Situation[]): InputSeries[] {
  const opposite = all
    .filter((other) => other.alerts.length > 0 !== situation.alerts.length > 0)
    .flatMap((other, index) => other.series.map((one) => ofJob(one, `other-job-${index}`)));
  const larger = situation.series.filter(measures).map((one) => timesTen(ofJob(one, "other-job-larger")));
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
