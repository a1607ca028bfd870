/** A share as Prometheus' `humanizePercentage` shows it, four significant digits: 0.0123456 is `1.235%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
