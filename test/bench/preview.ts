import { costOf, type ProcessCost } from "./process-cost.ts";

// What a preview of all four environments costs, as a multiple of merely importing the SDKs: CPU time of the whole process
// tree, both measured in turns within one run, warm, the median of five. Run by `npm run bench`, never by a test: the machines
// are shared, so only the ratio says anything.

const RUNS = 5;
/** The bound that the preview is held to. */
const LIMIT = 3;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const imports: ProcessCost[] = [];
const previews: ProcessCost[] = [];
costOf("test/bench/import-sdks.ts");
costOf("--max-semi-space-size=64", "cli/bellwether.js", "preview");
for (let run = 1; run <= RUNS; run++) {
  imports.push(costOf("test/bench/import-sdks.ts"));
  previews.push(costOf("--max-semi-space-size=64", "cli/bellwether.js", "preview"));
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
