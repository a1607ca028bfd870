import { describe, expect, it } from "vitest";
import { productionArgs } from "../components/alerts/samples.ts";
import { attempt, candidates, killRate } from "./trial.ts";

// `npm run mutate` tries every mutant; here every twentieth shows that the cases still notice.
const EVERY = 20;

describe("the catalogue's cases", { timeout: 600_000 }, () => {
  it("notice nearly everything that can go wrong in a rule", async () => {
    const args = productionArgs();
    const sample = candidates(args).filter((_, index) => index % EVERY === 0);
    const tried = await attempt(sample, args.scrapeInterval);
    const survivors = tried.filter(({ fate }) => fate === "survived");
    expect(sample.length).toBeGreaterThan(40);
    expect(killRate(tried), JSON.stringify(survivors, null, 2)).toBeGreaterThanOrEqual(0.8);
  });
});
