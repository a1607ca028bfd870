/** A calendar month in UTC, in Unix seconds. What is counted in it belongs to moments after `from`, up to `to`. */
export interface Month {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Where the month ends, also one that has not. */
  readonly end: number;
  /** The month has not ended: `to` is now. */
  readonly isOpen: boolean;
}

/** Reads `2026-10`; undefined for anything else. */
export function monthOf(name: string, now: number): Month | undefined {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name);
  if (found === null) return undefined;
  const [year, month] = [Number(found[1]), Number(found[2])];
  const at = (months: number) => Date.UTC(year, month - 1 + months, 1) / 1000;
  const isOpen = at(1) > now;
  return { name, from: at(0), to: isOpen ? Math.floor(now) : at(1), end: at(1), isOpen };
}

/** The month before the one of a moment. */
export function lastMonth(now: number): string {
  const date = new Date(now * 1000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
