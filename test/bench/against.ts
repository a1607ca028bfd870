import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { costIn, type ProcessCost } from "./process-cost.ts";

// `npm run bench:against -- <folder> [runs]`: what this checkout costs as a multiple of another one, such as that of an older commit with its packages
// installed. Each command runs in turns in both, warm, and the medians are compared: the machines are shared, so only the ratios say anything.

const HERE = fileURLToPath(new URL("../..", import.meta.url));
const [folder, given = "5"] = process.argv.slice(2);
if (folder === undefined) {
  console.error("name the folder of the other checkout: npm run bench:against -- <folder> [runs]");
  process.exit(1);
}
const there = resolve(folder);
const runs = Number(given);

/** The script of a checkout, as its package.json has it. */
function script(checkout: string, name: string): string {
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return scripts[name] ?? "false";
}

const quiet = (command: string) => `${command} >/dev/null 2>&1`;
const COMMANDS: readonly (readonly [what: string, command: (checkout: string) => string])[] = [
  ["import of the four SDKs", () => "node --import tsx test/bench/import-sdks.ts"],
  [
    "preview of all stacks",
    (checkout) => quiet(`PATH=node_modules/.bin:$PATH ${script(checkout, "preview")}`),
  ],
  [
    "preview of local alone",
    (checkout) => quiet(`PATH=node_modules/.bin:$PATH ${script(checkout, "preview")} local`),
  ],
  ["preview with 500 services more", (checkout) => withServices(checkout, 500)],
  ["preview with 1,000 services more", (checkout) => withServices(checkout, 1000)],
];

/** As a checkout runs its command line: compiled to one file, or source by source. */
function withServices(checkout: string, services: number): string {
  const isCompiled = existsSync(join(checkout, "test/bench/as-command.js"));
  const runner = isCompiled ? "--max-semi-space-size=64 test/bench/as-command.js" : "--import tsx";
  return `node ${runner} test/bench/scale-preview.ts ${services}`;
}

/** The most memory that a preview with many services says it held, and its pack where that is another process, in MiB. */
function memoryOf({ stdout }: ProcessCost): number {
  const { preview = Number.NaN, pack = 0 } = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? "{}") as {
    readonly preview?: number;
    readonly pack?: number;
  };
  return preview + pack;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const column = (text: string) => text.padStart(12);
console.log(
  `${"".padEnd(32)}${["CPU here", "CPU there", "ratio", "wall ratio", "memory"].map(column).join("")}`,
);
for (const [what, command] of COMMANDS) {
  const here: ProcessCost[] = [];
  const other: ProcessCost[] = [];
  for (let run = 0; run <= runs; run++) {
    const [one, two] = [costIn(HERE, command(HERE)), costIn(there, command(there))];
    // The first of each compiles.
    if (run === 0) continue;
    here.push(one);
    other.push(two);
    console.error(`${what}: run ${run} of ${runs}`);
  }
  const of = (read: (cost: ProcessCost) => number) => [here, other].map((costs) => median(costs.map(read)));
  const [cpu = 0, before = 0] = of((cost) => cost.cpu);
  const [wall = 0, wallBefore = 0] = of((cost) => cost.wall);
  const [memory = Number.NaN, memoryBefore = Number.NaN] = of(memoryOf);
  const figures = [
    `${cpu.toFixed(2)} s`,
    `${before.toFixed(2)} s`,
    (cpu / before).toFixed(2),
    (wall / wallBefore).toFixed(2),
    Number.isNaN(memory) ? "" : `${memory.toFixed(0)}/${memoryBefore.toFixed(0)}`,
  ];
  console.log(`${what.padEnd(32)}${figures.map(column).join("")}`);
}
