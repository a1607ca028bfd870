/** Steps of an axis that people read at a glance, in seconds. */
const TIMES = [
  60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 259_200, 604_800,
  1_209_600, 2_592_000, 5_184_000, 15_552_000, 31_536_000,
];

/**
 * The step between the lines of an axis that reaches from 0 to `most`, for units whose round numbers are no powers of ten: times
 * and bytes. `undefined`: whatever is round in tens.
 */
export function roundStep(most: number, unit: string): number | undefined {
  const wanted = most / 4;
  switch (unit) {
    case "s":
      return most < 120 ? undefined : (TIMES.find((time) => time >= wanted) ?? TIMES.at(-1));
    case "bytes":
    case "Bps": {
      if (most <= 0) return undefined;
      const scale = 1024 ** Math.floor(Math.log(wanted) / Math.log(1024));
      return [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
        .map((step) => step * scale)
        .find((step) => step >= wanted);
    }
    default:
      return undefined;
  }
}

/** Into how many equal parts a stretch of hours is cut, so that each begins at a whole hour or day. */
export function partsOf(hours: number): number {
  const length = hours > 48 ? Math.round(hours / 24) : hours;
  return [3, 4, 2, 7, 5].find((parts) => length % parts === 0) ?? 3;
}
