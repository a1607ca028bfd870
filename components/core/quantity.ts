/** A Kubernetes quantity of bytes with a binary suffix: `512Mi`, `200Gi`. */
export type ByteQuantity = `${number}${"Ki" | "Mi" | "Gi" | "Ti"}`;

/** A Kubernetes quantity of CPU: cores (`2`, `0.5`) or millicores (`250m`). */
export type CpuQuantity = `${number}m` | `${number}`;

export const BYTE_QUANTITY_PATTERN = /^[1-9]\d*(?:Ki|Mi|Gi|Ti)$/;
export const CPU_QUANTITY_PATTERN = /^(?:[1-9]\d*m|\d+(?:\.\d+)?)$/;

const BYTES = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

/** The number of bytes of a quantity. Throws a RangeError for text that is no such quantity. */
export function bytes(quantity: string): number {
  if (!BYTE_QUANTITY_PATTERN.test(quantity))
    throw new RangeError(`${JSON.stringify(quantity)} is no byte quantity`);
  return Number(quantity.slice(0, -2)) * BYTES[quantity.slice(-2) as keyof typeof BYTES];
}

/** The number of cores of a CPU quantity. Throws a RangeError for text that is no such quantity. */
export function cores(quantity: string): number {
  if (!CPU_QUANTITY_PATTERN.test(quantity))
    throw new RangeError(`${JSON.stringify(quantity)} is no CPU quantity`);
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
