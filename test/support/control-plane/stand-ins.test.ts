import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fault } from "./fault.ts";
import { type StandIn, StandIns } from "./stand-ins.ts";

const START = 1_795_000_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The counters of a program by their series. */
function countersOf(standIns: StandIns, standIn: StandIn): ReadonlyMap<string, number> {
  const lines = String(standIns.expose(standIn).body).split("\n");
  return new Map(
    lines
      .filter((line) => /_(total|count)[{ ]/.test(line))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

describe("the counters of a program that is played", () => {
  it.each<[StandIn, Fault]>([
    [{ program: "storefront", place: "storefront-1" }, "storefront fails every request"],
    [{ program: "service", place: "invoices-1" }, "invoices cannot be written"],
  ])("never fall, whatever begins and ends between two scrapes: $0.place", (standIn, fault) => {
    const standIns = new StandIns(START);
    let before = new Map<string, number>() as ReadonlyMap<string, number>;
    for (let scrape = 0; scrape < 600; scrape++) {
      // An odd number of milliseconds apart, in and out of the fault every seventh scrape.
      vi.setSystemTime(1000 * START + 3_600_000 + scrape * 2_999 + (scrape % 13));
      if (scrape % 14 === 3) standIns.inject(fault);
      if (scrape % 14 === 10) standIns.clear(fault);
      const counters = countersOf(standIns, standIn);
      expect(counters.size).toBe(2);
      for (const [series, value] of counters)
        expect(value, series).toBeGreaterThanOrEqual(before.get(series) ?? 0);
      before = counters;
    }
    expect(Math.min(...before.values())).toBeGreaterThan(0);
  });
});
