import { Scenario } from "../cli/slo-report/scenario.ts";

// The second part of `npm run test:operate:long`: the report of each of three months of ninety days of history in a real Prometheus, held against
// the sum of all requests. Writing the history takes some minutes.

/** Of the budget of a month, so much may differ. */
const ACCURACY = 0.001;

const days = Number(process.argv[2] ?? 90);
const scenario = new Scenario(days, "2m");
let began = Date.now();
const say = (what: string) => {
  process.stdout.write(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  began = Date.now();
};

const prometheus = await scenario.run();
try {
  say(`history of ${days} days`);
  for (const name of ["2026-10", "2026-11", "2026-12"]) {
    const month = scenario.month(name);
    if (month.to <= month.from) continue;
    const report = await scenario.report(prometheus, {}, month);
    say(`slo-report of ${name}`);
    if (report.objectives.length === 0) process.exitCode = 1;
    for (const { service, percent, total, errors, spent, pages, missed } of report.objectives) {
      const counted = scenario.count(service, month.from, month.to);
      const share = (month.to - month.from) / (month.end - month.from);
      const expected = (share * counted.errors) / (counted.total * (1 - percent / 100));
      const differs = Math.abs((spent ?? Number.NaN) - expected);
      const isWrong = !(differs < ACCURACY) || pages.length === 0 || missed.length > 0;
      if (isWrong) process.exitCode = 1;
      const inWords = ["kept", "broken", "not comparable"].map(
        (verdict) => `${pages.filter((page) => page.verdict === verdict).length} ${verdict}`,
      );
      process.stdout.write(
        `${service}: ${total} events, ${errors} errors, counted ${counted.total} and ${counted.errors}; ` +
          `${((spent ?? 0) * 100).toFixed(3)}% of the budget, counted ${(expected * 100).toFixed(3)}%; ` +
          `${pages.length} pages: ${inWords.join(", ")}; ${missed.length} missed${isWrong ? ": differs" : ""}\n`,
      );
    }
  }
} finally {
  await prometheus.stop();
}
