import { join } from "node:path";
import { environmentOf, secretValues } from "../e2e/environment.ts";
import { createProject, ROOT } from "../e2e/project.ts";

// What the policies add to a preview of prod by the real engine, as a multiple of one without them: wall time, because the pack judges
// while the program still registers resources, in turns within one run, the median of five. Run by `npm run bench`, never by a test.

const RUNS = Number(process.argv[2] ?? 5);
const LIMIT = 1.25;
const STACK = "prod";

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const project = await createProject();
const seconds = { without: [] as number[], with: [] as number[] };
try {
  const pulumi = async (...args: string[]) => {
    const started = performance.now();
    const { code, stderr, stdout } = await project.pulumi(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
    return (performance.now() - started) / 1000;
  };
  await project.copyStackFile(STACK);
  const environment = await environmentOf(STACK);
  await pulumi("stack", "init", STACK, "--secrets-provider", "passphrase");
  for (const [name, value] of secretValues(environment))
    await pulumi("config", "set", "--secret", `bellwether:${name}`, value, "--stack", STACK);
  const preview = (...args: string[]) => pulumi("preview", "--stack", STACK, "--suppress-outputs", ...args);
  const pack = join(ROOT, "policies/packs/bellwether");
  const flags = [
    "--policy-pack",
    pack,
    "--policy-pack-config",
    join(pack, `config/${environment.tier}.json`),
  ];
  // The first one compiles.
  await preview(...flags);
  for (let run = 1; run <= RUNS; run++) {
    seconds.without.push(await preview());
    seconds.with.push(await preview(...flags));
    const last = Object.entries(seconds).map(([name, all]) => `${name} ${all.at(-1)?.toFixed(1)} s`);
    console.error(`run ${run} of ${RUNS}: ${last.join(", ")}`);
  }
} finally {
  await project.remove();
}
const yardstick = median(seconds.without);
const ratio = median(seconds.with) / yardstick;
console.log(`pulumi preview of ${STACK} without policies     ${yardstick.toFixed(2)} s`);
console.log(
  `pulumi preview of ${STACK} with all policies     ${median(seconds.with).toFixed(2)} s, ${ratio.toFixed(2)} times (limit ${LIMIT})`,
);
if (ratio > LIMIT) process.exitCode = 1;
