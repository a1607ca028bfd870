import { attemptPolicies, policyMutants } from "./trial.ts";

// `npm run mutate:policies`: every mutant of a condition of every policy, or of those that are named, on the cases of the tests. All must be
// killed, but for those that nothing could tell from the original.

const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
const mutants = policyMutants(new Set(process.argv.slice(2)));
const tried = await attemptPolicies(mutants, (done) =>
  console.error(`${done} of ${mutants.length}, after ${seconds()} s`),
);

const count = (fate: string) => tried.filter((one) => one.fate === fate).length;
for (const { policy, what } of tried.filter(({ fate }) => fate === "survived"))
  console.log(`survived  ${policy}:${what}`);
const killed = count("killed") / (tried.length - count("equivalent"));
console.log(
  `${tried.length} mutants of ${new Set(tried.map(({ policy }) => policy)).size} policies in ${seconds()} s: ` +
    `${count("killed")} killed, ${count("survived")} survived, ${count("equivalent")} equivalent; ${(killed * 100).toFixed(1)}% killed`,
);
process.exitCode = killed === 1 ? 0 : 1;
