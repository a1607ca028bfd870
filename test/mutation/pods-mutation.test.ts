import { describe, expect, it } from "vitest";
import { attemptPods, podsMutants } from "./pods-trial.ts";
import { killRate } from "./trial.ts";

// `npm run mutate` tries every mutant; here every ninth shows that the cases still notice.
const EVERY = 9;

describe("the cases of a service without pods", { timeout: 240_000 }, () => {
  it("notice nearly everything that can go wrong in a rule", async () => {
    const sample = podsMutants().filter((_, index) => index % EVERY === 4);
    const tried = await attemptPods(sample);
    const survivors = tried.filter(({ fate }) => fate === "survived");
    expect(sample.length).toBeGreaterThan(12);
    expect(killRate(tried), JSON.stringify(survivors, null, 2)).toBeGreaterThanOrEqual(0.95);
  });
});
