import { useOf } from "../../../components/prometheus/capacity.ts";
import { pinnedVersion } from "../../support/tools.ts";
import { type BenchLoad, measure } from "./server.ts";

// The model of capacity beside a server at three loads: resident memory, write-ahead log, and a block of the head. `npm run bench:capacity`
// takes five minutes and 1 GB, `npm run bench:capacity -- 3` only the third load; never run by a test. A scrape a second gives each series in 90 seconds what 45 minutes do at 30s.

const SECONDS = 90;
/** How far the model may be from a server. */
const TOLERANCE = 0.25;

const LOADS: readonly BenchLoad[] = [
  { series: 10_000, replaced: 0, histograms: 0, rules: 0 },
  { series: 30_000, replaced: 100, histograms: 0, rules: 20 },
  { series: 60_000, replaced: 200, histograms: 2_000, rules: 40 },
];

const MIB = 2 ** 20;
let isRight = true;

console.log(
  `Prometheus ${await pinnedVersion("prometheus")}: measured, by the model, and by how much the model differs`,
);
const [only] = process.argv.slice(2);
for (const load of only === undefined ? LOADS : LOADS.slice(Number(only) - 1, Number(only))) {
  const measured = await measure(load, SECONDS);
  // All that was replaced is still in the head, as after three hours; each rule records a series for each pod, of a hundred series.
  const gone = load.replaced * SECONDS;
  const modelled = useOf(
    {
      activeSeries: load.series,
      scrapeInterval: "1s",
      retention: "1h",
      replacedPerHour: gone / 3,
      recordedSeries: (load.rules * (load.series + gone)) / 100,
      nativeHistograms: load.histograms,
    },
    measured.samples,
    measured.histogramSamples,
  );
  console.log(
    `${load.series} series, ${load.replaced} replaced a scrape, ${load.histograms} native histograms, ${load.rules} rules: ${measured.headSeries} in the head, ${measured.samples} samples and ${measured.histogramSamples} of histograms`,
  );
  for (const part of ["memory", "log", "block"] as const) {
    const difference = modelled[part] / measured[part] - 1;
    if (Math.abs(difference) > TOLERANCE) isRight = false;
    console.log(
      `  ${part.padEnd(6)} ${(measured[part] / MIB).toFixed(1)} MiB  ${(modelled[part] / MIB).toFixed(1)} MiB  ${(100 * difference).toFixed(0)}%`,
    );
  }
}
if (!isRight) {
  console.log(`FAILS  the model is within ${TOLERANCE * 100}% of the server`);
  process.exitCode = 1;
}
