import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RepositoryChange } from "./change.ts";
import {
  CHANGES,
  type Clone,
  cloneOf,
  isOfData,
  type Reviewed,
  reviewedIn,
  reviewedTogether,
} from "./corpus.ts";
import { problemsOf } from "./expected.ts";

// `npm run test:review`: makes every change of the corpus as a commit, reviews it, and compares the page with its golden file. With
// --update the golden files are written; with --only NAME one change is made.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GOLDEN = fileURLToPath(new URL("golden/", import.meta.url));

const { values } = parseArgs({
  options: {
    update: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
  },
});

const chosen = CHANGES.filter(({ name }) => values.only === undefined || values.only.includes(name));
const cache = mkdtempSync(join(tmpdir(), "bellwether-corpus-cache-"));
const failures: string[] = [];
const ofCode = chosen.filter((change) => !isOfData(change));

function tell(change: RepositoryChange, reviewed: Reviewed): void {
  const problems = judged(change, reviewed);
  process.stdout.write(`${problems.length === 0 ? "ok    " : "FAILED"} ${change.name}\n`);
  failures.push(...problems.map((problem) => `${change.name}: ${problem}`));
}

function judged(change: RepositoryChange, reviewed: Reviewed): readonly string[] {
  const path = join(GOLDEN, `${change.name}.md`);
  const problems = [...problemsOf(change, reviewed)];
  // A page without the sentences that it must have is no page to compare with.
  if (values.update && problems.length === 0 && reviewed.page !== "") writeFileSync(path, reviewed.page);
  else if (!existsSync(path)) problems.push("has no golden page; run npm run test:review -- --update");
  else if (readFileSync(path, "utf8") !== reviewed.page)
    problems.push(`its page is another than ${path}:\n${reviewed.page}`);
  return problems;
}

const clones: Clone[] = [];
function clone(): Clone {
  const fresh = cloneOf(ROOT, cache);
  clones.push(fresh);
  return fresh;
}

/** Changes of code need a process each. */
async function work(own: Clone): Promise<void> {
  for (let change = ofCode.shift(); change !== undefined; change = ofCode.shift())
    tell(change, await reviewedIn(own, change));
}

try {
  const ofData = chosen.filter(isOfData);
  // Both at once: a file that is edited meanwhile would make them two different bases.
  const [first, second] = [clone(), clone()];
  let base = () => {};
  // The first review of all previews the base; the others wait for it.
  const previewed = new Promise<void>((resolve) => (base = resolve));
  if (ofData.length === 0) base();
  await Promise.all([
    reviewedTogether(first, ofData, (change, reviewed) => {
      tell(change, reviewed);
      base();
    }),
    previewed.then(() => work(second)),
  ]);
} finally {
  for (const clone of clones) clone.dispose();
  rmSync(cache, { recursive: true, force: true });
}
for (const failure of failures) process.stdout.write(`\n${failure}\n`);
process.stdout.write(`\n${chosen.length} changes reviewed, ${failures.length} problems\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
