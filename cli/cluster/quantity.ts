const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The bytes of a quantity as an API server writes it: `15Gi`, `16106127360`, `20G`, `2e10`. Throws a RangeError for other text. Of
 * quantities that an environment may state, components/core/quantity.ts knows more.
 */
export function bytesOf(quantity: string): number {
  const [, number, suffix = ""] = /^(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = FACTORS[suffix];
  if (number === undefined || factor === undefined)
    throw new RangeError(`${JSON.stringify(quantity)} is no quantity of bytes`);
  return Number(number) * factor;
}

/** Bytes in the largest binary unit that needs no fraction: `25Gi`, `1536Mi`, `1000 bytes`. */
export function inBinaryUnits(bytes: number): string {
  for (const unit of ["Ti", "Gi", "Mi", "Ki"] as const) {
    const count = bytes / (FACTORS[unit] ?? 1);
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`;
  }
  return `${bytes} bytes`;
}
