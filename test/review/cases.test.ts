import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EXIT } from "../../cli/exit.ts";
import { reviewChanges } from "../../cli/repository/review.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { TODAY } from "../support/run-previews.ts";
import { apply, BASE, CHANGES, reviewIn } from "./corpus.ts";
import { problemsOf } from "./expected.ts";

// Some changes of the corpus against the previews that the tests have already; `npm run test:review` makes all of them as commits.

const scratch = mkdtempSync(join(tmpdir(), "bellwether-cases-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Reviews a change of stack files, in a copy of them. */
async function reviewed(name: string) {
  const change = CHANGES.find((each) => each.name === name);
  if (change === undefined) throw new Error(`no change is called ${name}`);
  const stacks = join(scratch, name, "stacks");
  cpSync(STACKS_FOLDER, stacks, { recursive: true });
  apply(join(scratch, name), change.edits, name);
  const log = new PassThrough();
  log.resume();
  const code = await reviewChanges(
    change.environments,
    { base: inject("previews"), today: TODAY, stacks, out: join(scratch, name, "review") },
    { place: "repository", stdin: process.stdin, stdout: log, stderr: log, env: {}, folder: scratch },
  );
  return { change, result: reviewIn(join(scratch, name), code, "") };
}

describe.each(["route-channel", "alert-made-info", "no-op-order"])("the change %s of the corpus", (name) => {
  let of: Awaited<ReturnType<typeof reviewed>>;
  beforeAll(async () => {
    of = await reviewed(name);
  });

  it("has its golden page, and outputs that keep their schemas", () => {
    const golden = readFileSync(new URL(`golden/${name}.md`, import.meta.url), "utf8");
    expect(
      of.result.page.replaceAll(`against ${inject("previews").replaceAll("_", "\\_")}`, `against ${BASE}`),
    ).toBe(golden);
    expect(of.result.code).toBe(EXIT.fine);
    // The copy of the stack files is elsewhere: where a change is told is tested by the whole corpus.
    expect(problemsOf(of.change, of.result).filter((problem) => !problem.includes(" is told at "))).toEqual(
      [],
    );
  });
});
