import type { Series } from "./cortex.ts";
import type { Shops } from "./live.ts";

// Values of objectives on Prometheus and in a store, by objective.

/** What an instant query finds. */
export type Asked = (query: string) => Promise<readonly Series[]>;

export interface Pair {
  readonly key: string;
  readonly local: number;
  readonly stored: number;
}

/** Values by objective and record. */
export function byObjective(series: readonly Series[]): ReadonlyMap<string, number> {
  return new Map(
    series.map(({ metric: { service, slo, __name__: name = "" }, values }) => [
      `${service} ${slo} ${name}`.trim(),
      values[0]?.[1] ?? Number.NaN,
    ]),
  );
}

/** The first moment of each objective's series, in seconds since 1970. */
export function firstOf(series: readonly Series[]): ReadonlyMap<string, number> {
  return new Map(
    series.map(({ metric, values }) => [`${metric["service"]} ${metric["slo"]}`, values[0]?.[0] ?? 0]),
  );
}

/** What both say, by objective. Of what objectives counted, without those that count their looks at a gauge. */
export async function pairsOf(
  { local, stored, shops }: { readonly local: Asked; readonly stored: Asked; readonly shops: Shops },
  query: string,
  of: "all" | "counted" = "all",
): Promise<readonly Pair[]> {
  const here = byObjective(await local(query));
  const there = byObjective(await stored(query));
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((key) => {
      const [service = "", slo = ""] = key.split(" ");
      return of === "all" || shops.counts(service, slo);
    })
    .map((key) => ({ key, local: here.get(key) ?? Number.NaN, stored: there.get(key) ?? Number.NaN }));
}

/** Those that differ by more than 0.1%. */
export function differing<P extends Pair>(found: readonly P[]): readonly P[] {
  return found.filter(
    ({ local, stored }) => !(Math.abs(local - stored) <= 0.001 * Math.max(Math.abs(local), Math.abs(stored))),
  );
}
