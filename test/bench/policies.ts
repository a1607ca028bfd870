import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf, secretValues } from "../e2e/environment.ts";
import { createProject, ROOT } from "../e2e/project.ts";

// What the policies add to a preview of prod by the real engine, as a multiple of one without them: wall time, because the pack judges
// while the program still registers resources, in turns within one run, the median of five. Run by `npm run bench`, never by a test.
// Most of it is what any pack costs: Pulumi starts TypeScript's compiler for it, and asks it about every resource, one after the other. So
// the smallest pack runs beside ours: one policy that checks nothing.

const RUNS = Number(process.argv[2] ?? 5);
const LIMIT = 1.25;
/** Where the smallest pack alone comes near the limit, ours may be so much more than that one. */
const MOST_OVER_SMALLEST = 1.1;
const SMALLEST = `const { PolicyPack } = require("@pulumi/policy");
const policy = { name: "nothing", description: "Checks nothing.", enforcementLevel: "advisory", validateResource: () => {} };
new PolicyPack("smallest", { policies: [policy] });
`;
const STACK = "prod";

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const project = await createProject();
const seconds = { without: [] as number[], smallest: [] as number[], all: [] as number[] };
// Where it finds the same packages as ours: with others, Pulumi's SDK is loaded twice.
const smallest = join(ROOT, "node_modules/.cache/smallest-pack");
try {
  await mkdir(smallest, { recursive: true });
  await writeFile(join(smallest, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(smallest, "package.json"), `{"name":"smallest-pack","version":"0.0.1"}`);
  await writeFile(join(smallest, "index.js"), SMALLEST);
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
    seconds.smallest.push(await preview("--policy-pack", smallest));
    seconds.all.push(await preview(...flags));
    const last = Object.entries(seconds).map(([name, all]) => `${name} ${all.at(-1)?.toFixed(1)} s`);
    console.error(`run ${run} of ${RUNS}: ${last.join(", ")}`);
  }
} finally {
  await rm(smallest, { recursive: true, force: true });
  await project.remove();
}
const yardstick = median(seconds.without);
const floor = median(seconds.smallest) / yardstick;
const ratio = median(seconds.all) / yardstick;
const line = (name: string, values: readonly number[], note: string) =>
  console.log(`pulumi preview of ${STACK} ${name.padEnd(34)} ${median(values).toFixed(2)} s${note}`);
line("without policies", seconds.without, "");
line("with one policy that checks nothing", seconds.smallest, `, ${floor.toFixed(2)} times`);
line(
  "with all policies",
  seconds.all,
  `, ${ratio.toFixed(2)} times (limit ${LIMIT}), ${(ratio / floor).toFixed(2)} times the smallest pack (limit ${MOST_OVER_SMALLEST})`,
);
if (ratio > Math.max(LIMIT, floor * MOST_OVER_SMALLEST)) process.exitCode = 1;
