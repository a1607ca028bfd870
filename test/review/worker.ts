import { PassThrough } from "node:stream";
import { reviewChanges } from "../../cli/repository/review.ts";
import { TODAY } from "../support/run-previews.ts";
import { ANSWER, BASE, CHANGES, commitChange, reviewIn } from "./corpus.ts";

// Makes changes of the corpus as commits of the clone that this process runs in, and reviews each. Only for changes of data: code that
// is loaded once would stay as it was.

const folder = process.cwd();
for (const name of process.argv.slice(2)) {
  const change = CHANGES.find((each) => each.name === name);
  if (change === undefined) throw new Error(`no change is called ${name}`);
  commitChange(folder, change);
  const written: string[] = [];
  const sink = () => new PassThrough().on("data", (text: Buffer) => written.push(text.toString()));
  const flags = { base: BASE, today: TODAY };
  const streams = { stdin: process.stdin, stdout: sink(), stderr: sink() };
  const surroundings = { place: "repository", ...streams, env: process.env, folder } as const;
  // A program that fails is written about, and then thrown.
  const code = await reviewChanges(change.environments, flags, surroundings).catch((error: unknown) => {
    written.push(error instanceof Error ? String(error.stack) : String(error));
    return 3;
  });
  process.stdout.write(`${ANSWER}${JSON.stringify(reviewIn(folder, code, written.join("")))}\n`);
}
process.exit(0);
