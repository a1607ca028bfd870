import { describe, expect, it } from "vitest";
import { firingsOf, type Holding, type Ranges } from "../../../../cli/review/replay/firing.ts";

/** The states of Prometheus' AlertingRule.Eval, evaluation by evaluation, in the plainest form. */
function brute(
  present: Ranges,
  { interval, hold, keep }: Holding,
  count: number,
): (readonly [number, number])[] {
  const spans: [number, number][] = [];
  let state: "inactive" | "pending" | "firing" = "inactive";
  let [activeAt, keptSince] = [0, -1];
  for (let index = 0; index < count; index++) {
    const isThere = present.some(([first, last]) => first <= index && index <= last);
    if (isThere) {
      if (state === "inactive") [state, activeAt] = ["pending", index];
      keptSince = -1;
      if (state === "pending" && (index - activeAt) * interval >= hold) {
        state = "firing";
        spans.push([index, count]);
      }
      continue;
    }
    if (state === "firing" && keptSince === -1) keptSince = index;
    if (state === "firing" && keep > 0 && (index - keptSince) * interval < keep) continue;
    const last = spans.at(-1);
    if (state === "firing" && last !== undefined) last[1] = index;
    state = "inactive";
    keptSince = -1;
  }
  return spans;
}

describe("an alert", () => {
  it.each<[string, Ranges, Omit<Holding, "interval">, [number, number][]]>([
    ["fires at once without for", [[3, 5]], { hold: 0, keep: 0 }, [[3, 6]]],
    ["fires at the evaluation that comes for later", [[3, 9]], { hold: 60, keep: 0 }, [[5, 10]]],
    ["does not fire if it is gone before", [[3, 4]], { hold: 60, keep: 0 }, []],
    [
      "waits anew after a gap",
      [
        [0, 1],
        [3, 6],
      ],
      { hold: 60, keep: 0 },
      [[5, 7]],
    ],
    ["fires on for keep_firing_for", [[3, 5]], { hold: 0, keep: 60 }, [[3, 8]]],
    [
      "is one firing if it comes back within keep_firing_for",
      [
        [3, 5],
        [8, 8],
      ],
      { hold: 0, keep: 60 },
      [[3, 11]],
    ],
    [
      "is two if it comes back later",
      [
        [3, 5],
        [9, 9],
      ],
      { hold: 0, keep: 60 },
      [
        [3, 8],
        [9, 12],
      ],
    ],
  ])("%s", (_, present, holding, spans) => {
    expect(firingsOf(present, { interval: 30, ...holding })).toEqual(spans);
  });

  it("fires as a step-by-step evaluation has it, for 2,000 random histories", () => {
    let state = 7;
    const random = (below: number) => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return Math.floor((state / 4_294_967_296) * below);
    };
    for (let round = 0; round < 2_000; round++) {
      const ranges: [number, number][] = [];
      for (let at = random(4); at < 60; ) {
        const last = at + random(8);
        ranges.push([at, last]);
        at = last + 2 + random(6);
      }
      const holding = { interval: 30, hold: random(8) * 20, keep: random(8) * 20 };
      expect(firingsOf(ranges, holding), JSON.stringify({ ranges, holding })).toEqual(
        brute(ranges, holding, 200),
      );
    }
  });
});
