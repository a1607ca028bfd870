import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RepositoryChange } from "./change.ts";
import { CHANGES, type Clone, cloneOf, type Reviewed, reviewedIn } from "./corpus.ts";
import { problemsOf } from "./expected.ts";

// `npm run test:review`: makes every change of the corpus as a commit, reviews it, and compares the page with its golden file. With
// --update the golden files are written; with --only NAME one change is made; --jobs says how many at a time.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GOLDEN = fileURLToPath(new URL("golden/", import.meta.url));

const { values } = parseArgs({
  options: {
    update: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    jobs: { type: "string", default: "2" },
  },
});

const chosen = CHANGES.filter(({ name }) => values.only === undefined || values.only.includes(name));
const cache = mkdtempSync(join(tmpdir(), "bellwether-corpus-cache-"));
const failures: string[] = [];
const waiting = [...chosen];

/** Reviews changes until there are none left; the first review of all previews the base. */
async function work(clone: Clone): Promise<void> {
  for (let change = waiting.shift(); change !== undefined; change = waiting.shift()) {
    const problems = judged(change, await reviewedIn(clone, change));
    process.stdout.write(`${problems.length === 0 ? "ok    " : "FAILED"} ${change.name}\n`);
    failures.push(...problems.map((problem) => `${change.name}: ${problem}`));
  }
}

function judged(change: RepositoryChange, reviewed: Reviewed): readonly string[] {
  const path = join(GOLDEN, `${change.name}.md`);
  const problems = [...problemsOf(change, reviewed)];
  if (values.update && reviewed.page !== "") writeFileSync(path, reviewed.page);
  else if (!existsSync(path)) problems.push("has no golden page; run npm run test:review -- --update");
  else if (readFileSync(path, "utf8") !== reviewed.page)
    problems.push(`its page is another than ${path}:\n${reviewed.page}`);
  return problems;
}

const clones: Clone[] = [];
try {
  const first = cloneOf(ROOT, cache);
  clones.push(first);
  const rest = waiting.splice(1);
  await work(first);
  waiting.push(...rest);
  for (let job = 1; job < Number(values.jobs); job++) clones.push(cloneOf(ROOT, cache));
  await Promise.all(clones.map(work));
} finally {
  for (const clone of clones) clone.dispose();
  rmSync(cache, { recursive: true, force: true });
}
for (const failure of failures) process.stdout.write(`\n${failure}\n`);
process.stdout.write(`\n${chosen.length} changes reviewed, ${failures.length} problems\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
