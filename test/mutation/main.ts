import { productionArgs } from "../components/alerts/samples.ts";
import { attempt, candidates, killRate } from "./trial.ts";

// `npm run mutate`: every mutant of every alert of production's catalogue. Takes minutes; `npm test` tries a sample.

const args = productionArgs();
const only = new Set(process.argv.slice(2));
const all = candidates(args).filter(({ alert }) => only.size === 0 || only.has(alert));
const started = Date.now();
const tried = await attempt(all, args.scrapeInterval, (done) =>
  console.error(`${done}, after ${Math.round((Date.now() - started) / 1000)} s`),
);

const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
const count = (fate: string) => tried.filter((one) => one.fate === fate).length;
const alerts = [...new Set(tried.map(({ alert }) => alert))];
const rates = new Map(alerts.map((alert) => [alert, killRate(tried.filter((one) => one.alert === alert))]));

for (const { alert, what, expr } of tried.filter(({ fate }) => fate === "survived"))
  console.log(`survived  ${alert}: ${what}\n          ${expr}`);
for (const { alert, what } of tried.filter(({ fate }) => fate === "equivalent"))
  console.log(`equivalent  ${alert}: ${what}`);
for (const [alert, rate] of rates) if (rate < 1) console.log(`${percent(rate).padStart(6)}  ${alert}`);
const lowest = Math.min(...rates.values());
console.log(
  `${tried.length} mutants of ${alerts.length} alerts in ${Math.round((Date.now() - started) / 1000)} s: ` +
    `${count("killed")} killed, ${count("survived")} survived, ${count("equivalent")} equivalent, ${count("unloadable")} not loadable; ` +
    `${percent(killRate(tried))} killed, at least ${percent(lowest)} of each alert`,
);
process.exitCode = killRate(tried) >= 0.95 && lowest >= 0.8 ? 0 : 1;
