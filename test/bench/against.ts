import { readFileSync } from "node:fs";
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
  ["preview with 500 services more", () => quiet("node --import tsx test/bench/scale-preview.ts 500")],
];

function median(costs: readonly ProcessCost[], of: "cpu" | "wall"): number {
  const sorted = costs.map((cost) => cost[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const column = (text: string) => text.padStart(12);
console.log(`${"".padEnd(32)}${["CPU here", "CPU there", "ratio", "wall ratio"].map(column).join("")}`);
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
  const [cpu, before] = [median(here, "cpu"), median(other, "cpu")];
  const wall = median(here, "wall") / median(other, "wall");
  const figures = [
    `${cpu.toFixed(2)} s`,
    `${before.toFixed(2)} s`,
    (cpu / before).toFixed(2),
    wall.toFixed(2),
  ];
  console.log(`${what.padEnd(32)}${figures.map(column).join("")}`);
}
