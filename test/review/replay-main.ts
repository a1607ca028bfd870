import { BASE, HEAD, period, recorded, replayed, running } from "../cli/review/replay/scenario.ts";
import { tool } from "../support/tools.ts";

// `npm run test:replay`, with a number of days if it is not thirty: a replay over a history in a real Prometheus, held against what Prometheus
// recorded when it evaluated the rules of each side all along. It writes the history twice, which takes some minutes.

const days = Number(process.argv[2] ?? 30);
/** The replay of the deployed rules and the series ALERTS have at least so much in common. */
const LEAST = 0.99;

const program = await tool("prometheus");
const [deployed, changed] = await Promise.all([
  running(days, BASE, { externalLabels: { cluster: "prod" } }),
  running(days, HEAD),
]);
try {
  const { start, end } = period(days);
  process.stdout.write(`history: ${days} days, ${(end - start) / 30 + 1} evaluations of each rule\n`);
  const began = Date.now();
  const { alerts, agreement, before, after } = await replayed({ history: deployed, days, program });
  process.stdout.write(`replay: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  const [was, is] = await Promise.all([recorded(deployed, days), recorded(changed, days)]);
  const wrong: string[] = [];
  const names = [...new Set([...was, ...is].map(({ alert }) => alert))].sort();
  for (const name of names) {
    const row = alerts.find(({ about }) => about.split(" ")[0] === name);
    const counted = [was, is].map((side) => side.filter(({ alert }) => alert === name).length);
    const told = [row?.before ?? 0, row?.after ?? 0];
    process.stdout.write(`${name}: replayed ${told.join(" → ")}, recorded ${counted.join(" → ")}\n`);
    if (String(told) !== String(counted)) wrong.push(name);
  }
  process.stdout.write(`all: ${before.firings} → ${after.firings}\n`);
  const share = agreement?.share ?? 0;
  process.stdout.write(
    `agreement: ${(100 * share).toFixed(3)}% of ${agreement?.evaluations ?? 0} evaluations\n`,
  );
  if (names.length === 0 || wrong.length > 0 || share < LEAST) {
    process.stdout.write(`differs: ${wrong.join(", ") || "the agreement"}\n`);
    process.exitCode = 1;
  }
} finally {
  await deployed.stop();
  await changed.stop();
}
