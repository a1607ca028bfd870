import {
  alerting,
  counted,
  incidentsOf,
  numbersIn,
  numbersOf,
  reviewed,
} from "../cli/alert-review/scenario.ts";

// `npm run test:operate:long`, with a number of days if it is not ninety: the review of the alerts of a history in a real Prometheus, held against
// a count of every evaluation. Writing the history takes a quarter of an hour.

const days = Number(process.argv[2] ?? 90);

let began = Date.now();
const say = (what: string) => {
  process.stdout.write(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  began = Date.now();
};

const prometheus = await alerting(days);
try {
  say(`history of ${days} days`);
  const all = await counted(prometheus, days);
  say(`${all.length} firings counted evaluation by evaluation`);
  const incidents = incidentsOf(all);
  const review = await reviewed(prometheus, days, { incidents });
  say(`alert-review, with ${review.proposals.length} proposals`);
  const expected = numbersOf(
    all,
    incidents.filter(({ environment }) => environment === "prod"),
  );
  const found: Readonly<Record<string, unknown>> = numbersIn(review);
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const wrong = names.filter((name) => JSON.stringify(expected[name]) !== JSON.stringify(found[name]));
  for (const name of names)
    process.stdout.write(
      `${name}: ${JSON.stringify(found[name])}${wrong.includes(name) ? ` instead of ${JSON.stringify(expected[name])}` : ""}\n`,
    );
  for (const { about, what, replay } of review.proposals)
    process.stdout.write(`${about}: ${what}: ${replay.before.firings} → ${replay.after.firings}\n`);
  if (wrong.length > 0 || names.length === 0) process.exitCode = 1;
} finally {
  await prometheus.stop();
}
