import { expect, it } from "vitest";
import { findTargets } from "../../../../cli/review/replay/run.ts";
import type { Target } from "../../../../cli/review/replay/targets.ts";
import { InvalidInputError } from "../../../../components/core/problems.ts";
import { runHere } from "../../surroundings.ts";

const TARGETS: readonly Target[] = [
  { environment: "prod", at: { url: "http://127.0.0.1:1" } },
  { environment: "dev", at: { folder: "/nowhere" } },
  { environment: "staging", at: { url: "http://127.0.0.1:2" } },
];

it("every history that cannot be replayed over is named before anything is previewed", async () => {
  const refused = await findTargets({ targets: TARGETS }, { PATH: "" }).catch((error: unknown) => error);
  if (!(refused instanceof InvalidInputError)) throw new Error("it is not refused");
  expect(refused.problems.map(({ found }) => found)).toEqual([
    expect.stringContaining("http://127.0.0.1:1/"),
    "a folder for dev, and no program prometheus on PATH",
    expect.stringContaining("http://127.0.0.1:2/"),
  ]);
  const { code, error } = await runHere([
    "review",
    "local",
    "--base",
    "HEAD",
    "--prometheus",
    "http://127.0.0.1:1",
  ]);
  expect(code).toBe(2);
  expect(error).toMatch(/^review: 1 problem\n {2}--prometheus\n/);
});
