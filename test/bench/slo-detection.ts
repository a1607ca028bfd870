import { measureDetection } from "../components/slo/detection.ts";

// The time to page of an SLO of 99.9% over 30 days: as promised, as the real Prometheus takes it, and as Sloth's rules take it
// over the same counters, evaluated every 30 seconds. test/components/slo/detection.test.ts holds the numbers; this shows them.

const minutes = (seconds: number | undefined) =>
  seconds === undefined ? "never" : (seconds / 60).toFixed(2);
const columns = (...cells: readonly string[]) =>
  console.log(cells.map((cell, index) => (index === 1 ? cell.padEnd(16) : cell.padStart(13))).join("  "));

columns("error rate", "failures were", "promised", "at the latest", "measured", "Sloth", "budget spent");
for (const { promised, counter, ours, sloth } of await measureDetection()) {
  const { fastBurn, errorRate } = promised;
  columns(
    `${errorRate * 100}%`,
    counter,
    `${minutes(fastBurn?.due.seconds)} min`,
    `${minutes(fastBurn?.atTheLatest.seconds)} min`,
    `${minutes(ours)} min`,
    `${minutes(sloth)} min`,
    fastBurn === undefined ? "" : `${(fastBurn.atTheLatest.budgetSpent * 100).toFixed(1)}%`,
  );
}
