import { describe, expect, it } from "vitest";
import { SLO_KINDS } from "./slo-kinds.ts";
import { attemptSlo, sloMutants } from "./slo-trial.ts";
import { killRate } from "./trial.ts";

// `npm run mutate` tries every mutant; here every seventieth, of each kind other ones, shows that the cases still notice.
const EVERY = 70;

describe("the cases of an objective", { timeout: 240_000 }, () => {
  it("notice nearly everything that can go wrong in a rule", async () => {
    const sample = SLO_KINDS.flatMap((kind, order) =>
      sloMutants(kind).filter((_, index) => index % EVERY === order * 17),
    );
    const tried = await attemptSlo(sample);
    const survivors = tried
      .filter(({ fate }) => fate === "survived")
      .map(({ kind, rule, mutant }) => `${kind.name}, ${rule}: ${mutant.what}`);
    expect(sample.length).toBeGreaterThan(30);
    // The lookback of bridged tiles, and the other objective in a history, are not told apart yet: no case has a hole in its records.
    expect(killRate(tried), survivors.join("\n")).toBeGreaterThanOrEqual(0.85);
  });
});
