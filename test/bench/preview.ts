import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

// What a preview of all four environments costs, as a multiple of merely importing the SDKs: CPU time of the whole process
// tree, both measured in turns within one run, warm, the median of five. Run by `npm run bench`, never by a test: the machines
// are shared, so only the ratio says anything.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RUNS = 5;
/** The bound that the preview is held to. */
const LIMIT = 6;

interface Cost {
  /** User and system time of the process and all it waited for, in seconds. */
  readonly cpu: number;
  readonly wall: number;
}

/** Runs `node --import tsx <script> …` under a shell, whose `times` knows what its children and theirs have used. */
function measure(...args: readonly string[]): Cost {
  const command = [process.execPath, "--import", "tsx", ...args].map((word) => `'${word}'`).join(" ");
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `${command} >/dev/null; code=$?; times; exit $code`],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stderr}`);
  const children = stdout.trim().split("\n").at(-1) ?? "";
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpu, wall: (performance.now() - started) / 1000 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const imports: Cost[] = [];
const previews: Cost[] = [];
measure("test/bench/import-sdks.ts");
measure("cli/main.ts", "preview");
for (let run = 1; run <= RUNS; run++) {
  imports.push(measure("test/bench/import-sdks.ts"));
  previews.push(measure("cli/main.ts", "preview"));
  console.error(`run ${run} of ${RUNS}`);
}

const yardstick = median(imports.map(({ cpu }) => cpu));
const preview = median(previews.map(({ cpu }) => cpu));
console.log(
  `import of the four SDKs   ${yardstick.toFixed(2)} s CPU   ${median(imports.map(({ wall }) => wall)).toFixed(2)} s wall`,
);
console.log(
  `preview of all stacks     ${preview.toFixed(2)} s CPU   ${median(previews.map(({ wall }) => wall)).toFixed(2)} s wall`,
);
console.log(`ratio                     ${(preview / yardstick).toFixed(2)} (limit ${LIMIT})`);
process.exitCode = preview / yardstick <= LIMIT ? 0 : 1;
