import { setTimeout as sleep } from "node:timers/promises";
import { RenamedHistory } from "../components/slo/renamed-history.ts";
import type { PrometheusWithHistory } from "../support/prometheus.ts";

// The third part of `npm run test:operate:long`: 46 days in which a service is renamed after 15, with a period of 30 days. The budget by the
// records is held against the sum of all scraped requests, at moments of the history and in what the running server evaluates next.

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const MOMENTS = [
  -10 * DAY,
  -DAY,
  -10 * MINUTE,
  0,
  ...[2, 6, 10, 20].map((minutes) => minutes * MINUTE),
  HOUR,
  6 * HOUR,
  DAY,
  7 * DAY,
  14 * DAY,
  29 * DAY,
  30 * DAY + 4 * MINUTE,
  30.9 * DAY,
];
/** Of the ratio: in the half hour in which both names have records, and at all other moments. */
const ACCURACY = { both: 0.01, other: 1e-9 };

const settings = {
  period: "30d",
  days: 46,
  renamedAfter: 15,
  end: Math.floor(Date.now() / 1000),
} as const;
const history = new RenamedHistory({ ...settings, knowsFormer: true });
const prometheus = await history.run();
try {
  for (const after of MOMENTS) await compare(history.renamed + after, after > 0 && after < 30 * MINUTE);
  await evaluated(prometheus);
  await compare(Math.floor(Date.now() / 1000), true);
} finally {
  await prometheus.stop();
}

async function compare(at: number, hasBoth: boolean): Promise<void> {
  const { ratio, budget } = await history.spent(prometheus, at);
  const differs = Math.abs(ratio.recorded / ratio.counted - 1);
  const isWrong = !(differs < (hasBoth ? ACCURACY.both : ACCURACY.other));
  if (isWrong) process.exitCode = 1;
  const days = ((at - history.renamed) / DAY).toFixed(3).padStart(8);
  process.stdout.write(
    `${days} d after the rename: ${(budget.recorded * 100).toFixed(4)}% of the budget, counted ${(budget.counted * 100).toFixed(4)}%, ` +
      `with what nothing scraped ${(budget.happened * 100).toFixed(4)}%; ratio differs by ${differs.toExponential(1)}${isWrong ? ": differs" : ""}\n`,
  );
}

/** Waits until the server itself has evaluated the rules of the new name: at most two of its intervals. */
async function evaluated(server: PrometheusWithHistory): Promise<void> {
  const newest = 'max(timestamp(slo:error_budget_spent:ratio{service="webshop"}))';
  for (let attempt = 0; attempt < 60; attempt++) {
    const { answers } = await server.query(newest, Math.floor(Date.now() / 1000));
    if ((answers[0]?.value ?? 0) > history.end) return;
    await sleep(5_000);
  }
  throw new Error("the server evaluated no rule within five minutes");
}
