/** Grafana's grid is this many units wide, on every screen. */
export const GRID_WIDTH = 24;

/** Narrower than this a panel's title and axis no longer fit. */
export const NARROWEST = 3;

/** Where something stands on the grid, in grid units: `x` and `w` of 24, `y` and `h` of about 30 pixels each. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Things side by side. They share the whole width: equally, or in proportion to `shares`. */
export interface Line<Thing> {
  /** Height in grid units. */
  readonly height: number;
  readonly things: readonly Thing[];
  /** One positive number per thing. Default: all 1. */
  readonly shares?: readonly number[];
}

export interface Placed<Thing> {
  readonly thing: Thing;
  readonly at: Rectangle;
}

/**
 * Stacks lines from `top` downwards. Overlap and overflow cannot be written down: a line is below the one before it, and
 * its columns divide the 24 units between them. (The SDK's own layout wraps a panel only after it has overflowed.)
 *
 * Throws a RangeError for a line that holds nothing, more than fits, or shares that do not match what it holds.
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
 * The widths of columns in proportion to their shares. They add up to 24 exactly: every column gets its narrowest width,
 * the rest goes out in proportion, and what rounding leaves over to the leftmost of those that lost most by it.
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
    // A column that was widened to its narrowest width takes the difference from the widest.
    const index = spare > 0 ? order[0] : widths.indexOf(Math.max(...widths));
    if (index === undefined) break;
    widths[index] = (widths[index] ?? 0) + Math.sign(spare);
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
