import { attemptPods, podsMutants } from "./pods-trial.ts";
import { killRate } from "./trial.ts";

// `npm run mutate` runs this too: every mutant of the rules about the pods of a service.

const tried = await attemptPods(podsMutants());
for (const { alert, what, expr } of tried.filter(({ fate }) => fate === "survived"))
  console.log(`survived  ${alert}: ${what}\n          ${expr.replaceAll("\n", " ")}`);
const count = (fate: string) => tried.filter((one) => one.fate === fate).length;
console.log(
  `${tried.length} mutants: ${count("killed")} killed, ${count("survived")} survived, ${count("equivalent")} equivalent, ` +
    `${count("unloadable")} not loadable; ${(killRate(tried) * 100).toFixed(1)}% killed`,
);
process.exitCode = killRate(tried) >= 0.95 ? 0 : 1;
