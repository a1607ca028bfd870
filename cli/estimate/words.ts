import { dollars } from "../report/numbers.ts";
import type { Estimate, EstimateLine } from "./estimate.ts";

/** `$1,033`, or `at least $504` where some lines have no price. */
export function totalInWords({ monthly, lines }: Estimate): string {
  const isWhole = lines.every((line) => line.monthly !== undefined);
  return `${isWhole ? "" : "at least "}${dollars(monthly)}`;
}

/** What an estimate is made from, as a phrase. */
export function pricesInWords({ region, dates }: Estimate): string {
  return `list prices of ${region} (${dates}), without discounts, free tiers and taxes`;
}

/** What is billed by use, as a phrase; undefined where nothing is. */
export function byUseInWords({ byUse }: Estimate): string | undefined {
  return byUse.length === 0 ? undefined : `billed by use, and not in the estimate: ${byUse.join(", ")}`;
}

/** A line's cost and how it is made, such as `$529 (3 nodes at $0.2415 an hour)`. */
export function lineInWords({ how, monthly }: EstimateLine): string {
  return monthly === undefined ? `${how}, without a price` : `${dollars(monthly)} (${how})`;
}
