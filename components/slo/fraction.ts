/**
 * An exact fraction. Objectives, budgets and factors are computed with it, because 1 - 0.999 in floating point is
 * 0.0010000000000000009, and rules that people read and review should say 0.001.
 */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** A fraction from a decimal such as `99.9`. Throws a RangeError for any other text. */
export function fraction(decimal: string): Fraction {
  const match = DECIMAL.exec(decimal);
  if (match === null) throw new RangeError(`${JSON.stringify(decimal)} is no decimal`);
  const [, whole = "", part = ""] = match;
  return reduced(BigInt(whole + part), 10n ** BigInt(part.length));
}

/** A fraction from two whole numbers. */
export function ratio(numerator: number, denominator: number): Fraction {
  return reduced(BigInt(numerator), BigInt(denominator));
}

export function plus(left: Fraction, right: Fraction): Fraction {
  return reduced(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

export function minus(left: Fraction, right: Fraction): Fraction {
  return reduced(
    left.numerator * right.denominator - right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

export function times(left: Fraction, right: Fraction): Fraction {
  return reduced(left.numerator * right.numerator, left.denominator * right.denominator);
}

export function dividedBy(left: Fraction, right: Fraction): Fraction {
  return reduced(left.numerator * right.denominator, left.denominator * right.numerator);
}

/** Negative, zero or positive as the left is less than, equal to or greater than the right. */
export function compare(left: Fraction, right: Fraction): number {
  return Number(left.numerator * right.denominator - right.numerator * left.denominator);
}

/** The nearest floating-point number. */
export function toNumber({ numerator, denominator }: Fraction): number {
  return Number(numerator) / Number(denominator);
}

/** The decimal: exact where it ends within twelve places, else rounded to twelve. */
export function decimal({ numerator, denominator }: Fraction): string {
  const scaled = (numerator * 10n ** PLACES * 2n + denominator) / (denominator * 2n);
  const digits = String(scaled).padStart(Number(PLACES) + 1, "0");
  const whole = digits.slice(0, -Number(PLACES));
  const part = digits.slice(-Number(PLACES)).replace(/0+$/, "");
  return part === "" ? whole : `${whole}.${part}`;
}

const PLACES = 12n;

function reduced(numerator: bigint, denominator: bigint): Fraction {
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
