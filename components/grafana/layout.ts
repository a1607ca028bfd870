/** Grafana's grid is this many units wide, on every screen. */
export const GRID_WIDTH = 24;

/** Minimum width: below it the title and the axis of a panel do not fit. */
export const NARROWEST = 3;

/** A position on the grid, in grid units: `x` and `w` of 24, `y` and `h` of about 30 pixels each. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Panels side by side over the whole width: equally wide, or in proportion to `shares`. */
export interface Line<Thing> {
  /** Height in grid units. */
  readonly height: number;
  readonly things: readonly Thing[];
  /** One positive number per panel. Default: all 1. */
  readonly shares?: readonly number[];
}

export interface Placed<Thing> {
  readonly thing: Thing;
  readonly at: Rectangle;
}

/**
 * Places lines from `top` downwards. Panels cannot overlap or overflow: a line is below the one before it, and its columns divide the 24
 * units. (The SDK's layout wraps a panel only after it has overflowed.)
 *
 * Throws a RangeError for a line without panels, with too many panels, or with another number of shares than panels.
 */
export function stack<Thing>(
  lines: readonly Line<Thing>[],
  top: number,
): { readonly placed: readonly Placed<Thing>[]; readonly bottom: number } {
  const placed: Placed<Thing>[] = [];
  let y = top;
  for (const { height, things, shares } of lines) {
    const widths = columnWidths(shares ?? things.map(() => 1));
    if (widths.length !== things.length)
      throw new RangeError(`a line of ${things.length} panels has ${widths.length} shares`);
    let x = 0;
    for (const [index, thing] of things.entries()) {
      const w = widths[index] ?? GRID_WIDTH;
      placed.push({ thing, at: { x, y, w, h: height } });
      x += w;
    }
    y += height;
  }
  return { placed, bottom: y };
}

/**
 * The widths of columns in proportion to their shares, at least {@link NARROWEST}, and exactly 24 in total: the columns with the largest
 * rounding error, from the left, get the units that rounding leaves over.
 */
export function columnWidths(shares: readonly number[]): number[] {
  const most = GRID_WIDTH / NARROWEST;
  if (shares.length === 0 || shares.length > most)
    throw new RangeError(`a line holds 1 to ${most} panels, not ${shares.length}`);
  if (!shares.every((share) => Number.isFinite(share) && share > 0))
    throw new RangeError(`shares are positive numbers, not ${shares.join(", ")}`);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const exact = shares.map((share) => Math.max(NARROWEST, (share / total) * GRID_WIDTH));
  const widths = exact.map(Math.floor);
  const lost = (index: number) => (exact[index] ?? 0) - (widths[index] ?? 0);
  for (let spare = GRID_WIDTH - sum(widths); spare !== 0; spare = GRID_WIDTH - sum(widths)) {
    const order = [...widths.keys()].sort((a, b) => lost(b) - lost(a) || a - b);
    // If a column was widened to the minimum width, the widest column gets the difference less.
    const index = spare > 0 ? order[0] : widths.indexOf(Math.max(...widths));
    if (index === undefined) break;
    widths[index] = (widths[index] ?? 0) + Math.sign(spare);
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
