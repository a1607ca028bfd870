import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REVIEW_CACHE } from "../../cli/folders.ts";
import { TODAY } from "../support/run-previews.ts";
import { costOf } from "./process-cost.ts";

// What a review of all environments costs, as a multiple of a preview of all: CPU time of the whole process tree, in turns within one
// run, the median of five. Run by `npm run bench`, never by a test: the machines are shared, so only the ratio says anything.

const RUNS = Number(process.argv[2] ?? 5);
/** With a base that was previewed before, and with one that was not. */
const LIMITS = { kept: 1.6, fresh: 2.3 } as const;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const out = mkdtempSync(join(tmpdir(), "bellwether-bench-review-"));
const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], { encoding: "utf8" }).trim();
const kept = join(REVIEW_CACHE, "previews", `${tree}-${TODAY}`);
const preview = () =>
  costOf("cli/bellwether.js", "preview", "--today", TODAY, "--out", join(out, "preview")).cpu;
const review = () =>
  costOf("cli/bellwether.js", "review", "--base", "HEAD", "--today", TODAY, "--out", join(out, "review")).cpu;

const costs = { preview: [] as number[], fresh: [] as number[], kept: [] as number[] };
try {
  for (let run = 1; run <= RUNS; run++) {
    costs.preview.push(preview());
    rmSync(kept, { recursive: true, force: true });
    costs.fresh.push(review());
    costs.kept.push(review());
    const seconds = Object.entries(costs).map(([name, all]) => `${name} ${all.at(-1)?.toFixed(1)} s`);
    console.error(`run ${run} of ${RUNS}: ${seconds.join(", ")}`);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
const yardstick = median(costs.preview);
console.log(`preview of all stacks                 ${yardstick.toFixed(2)} s CPU`);
for (const [name, limit] of Object.entries(LIMITS)) {
  const cpu = median(costs[name as keyof typeof LIMITS]);
  const ratio = cpu / yardstick;
  console.log(
    `review, base ${name === "kept" ? "previewed before    " : "not previewed before"} ${cpu.toFixed(2)} s CPU, ${ratio.toFixed(2)} times (limit ${limit})`,
  );
  if (ratio > limit) process.exitCode = 1;
}
