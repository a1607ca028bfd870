import { describe, expect, it } from "vitest";
import { SLO_KINDS } from "./slo-kinds.ts";
import { attemptEachAlone, attemptSlo, sloMutants } from "./slo-trial.ts";
import { killRate } from "./trial.ts";

// `npm run mutate` tries every mutant of every kind; here every seventieth of some, of each kind other ones, shows that the cases
// still notice.
const EVERY = 70;

/** Kinds whose cases are made in a way of their own. */
const TRIED = ["HTTP availability", "native histogram", "backlog", "a team's own share", "calendar month"];
const kinds = SLO_KINDS.filter(({ name }) => TRIED.includes(name));
const sample = kinds.flatMap((kind, order) =>
  sloMutants(kind).filter((_, index) => index % EVERY === order * 13),
);

describe("the cases of an objective", { timeout: 900_000 }, () => {
  it("notice nearly everything that can go wrong in a rule", async () => {
    const tried = await attemptSlo(sample);
    const survivors = tried
      .filter(({ fate }) => fate === "survived")
      .map(({ kind, rule, mutant }) => `${kind.name}, ${rule}: ${mutant.what}`);
    expect(kinds.length).toBe(TRIED.length);
    expect(sample.length).toBeGreaterThan(45);
    expect(killRate(tried), survivors.join("\n")).toBeGreaterThanOrEqual(0.95);
  });
});

describe("mutants that are tried side by side", { timeout: 900_000 }, () => {
  it("have the fate that each has alone", async () => {
    const few = kinds.slice(0, 1).flatMap((kind) => sloMutants(kind).filter((_, index) => index % 110 === 7));
    const fates = (tried: Awaited<ReturnType<typeof attemptSlo>>) =>
      tried.map(({ rule, mutant, fate }) => `${rule}: ${mutant.what}: ${fate}`);
    expect(few.length).toBeGreaterThan(4);
    expect(fates(await attemptSlo(few))).toEqual(fates(await attemptEachAlone(few)));
  });
});
