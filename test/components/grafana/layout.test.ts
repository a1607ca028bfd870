import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnWidths, GRID_WIDTH, type Line, NARROWEST, stack } from "../../../components/grafana/layout.ts";

const shares = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 });
const lines: fc.Arbitrary<Line<number>[]> = fc.array(
  fc.record({
    height: fc.integer({ min: 1, max: 20 }),
    things: fc.array(fc.integer(), { minLength: 1, maxLength: 8 }),
  }),
  { maxLength: 12 },
);

describe("the layout", () => {
  it("divides the whole width, whatever the shares, and makes nothing too narrow to read", () => {
    fc.assert(
      fc.property(shares, (given) => {
        const widths = columnWidths(given);
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(GRID_WIDTH);
        expect(Math.min(...widths)).toBeGreaterThanOrEqual(NARROWEST);
        expect(widths.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it("gives a bigger share no less width", () => {
    fc.assert(
      fc.property(shares, (given) => {
        const widths = columnWidths(given);
        const byShare = given.map((share, index) => ({ share, width: widths[index] ?? 0 }));
        for (const one of byShare)
          for (const other of byShare)
            if (one.share > other.share) expect(one.width).toBeGreaterThanOrEqual(other.width - 1);
      }),
    );
  });

  it.each([
    [
      [1, 1, 1],
      [8, 8, 8],
    ],
    [
      [1, 1, 1, 1, 1],
      [5, 5, 5, 5, 4],
    ],
    [
      [3, 1],
      [18, 6],
    ],
    [
      [100, 1],
      [21, 3],
    ],
  ])("gives shares of %j the widths %j", (given, widths) => {
    expect(columnWidths(given)).toEqual(widths);
  });

  it("keeps every pair of panels apart and every panel on the grid", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 50 }), (given, top) => {
        const { placed, bottom } = stack(given, top);
        const taken = new Set<string>();
        for (const { at } of placed)
          for (let x = at.x; x < at.x + at.w; x++)
            for (let y = at.y; y < at.y + at.h; y++) {
              expect(x).toBeLessThan(GRID_WIDTH);
              expect(y).toBeGreaterThanOrEqual(top);
              expect(y).toBeLessThan(bottom);
              expect(taken.has(`${x},${y}`), `two panels at ${x},${y}`).toBe(false);
              taken.add(`${x},${y}`);
            }
        // Nothing is left empty either.
        expect(taken.size).toBe((bottom - top) * GRID_WIDTH);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["nothing", { height: 8, things: [] }],
    ["more than fits", { height: 8, things: Array.from({ length: 9 }, (_, index) => index) }],
    ["a share that is no share", { height: 8, things: [1, 2], shares: [1, 0] }],
    ["fewer shares than panels", { height: 8, things: [1, 2], shares: [1] }],
  ])("refuses a line with %s", (_, line) => {
    expect(() => stack([line], 0)).toThrow(RangeError);
  });
});
