import { DEFAULT_NAMESPACES } from "../../components/workloads/model.ts";
import { connectionTo } from "./connection.ts";

// What a running Prometheus says of its targets, rules and series: https://prometheus.io/docs/prometheus/latest/querying/api/

/** A target that is scraped, as the API has it. */
export interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapeUrl: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly scrapeInterval: string;
}

/** A rule that is loaded. Prometheus prints the query of its own tree. */
export interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** In seconds; alerts only. */
  readonly duration?: number;
  readonly keepFiringFor?: number;
  readonly health: string;
  readonly lastError?: string;
}

export interface LoadedGroup {
  readonly name: string;
  /** In seconds. */
  readonly interval: number;
  readonly rules: readonly LoadedRule[];
}

/** One series of an answer, without its time. */
interface Answered {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  readonly targets: () => Promise<readonly ActiveTarget[]>;
  readonly groups: () => Promise<readonly LoadedGroup[]>;
  readonly query: (expr: string) => Promise<readonly Answered[]>;
  /** A query in the layout of this Prometheus, so that two can be compared. */
  readonly formatted: (query: string) => Promise<string>;
}

/**
 * Asks the HTTP API. Each call rejects with an InvalidInputError that names the URL, without its password, if there is no answer. `namespace` is
 * that of the platform.
 */
export function prometheusAt(
  address: string,
  token: string | undefined,
  namespace: string = DEFAULT_NAMESPACES.monitoring,
): Prometheus {
  const asked = connectionTo(address, token, "verify", { namespace }).ask;
  return {
    targets: async () =>
      (await asked<{ readonly activeTargets: readonly ActiveTarget[] }>("targets", { state: "active" }))
        .activeTargets,
    groups: async () => (await asked<{ readonly groups: readonly LoadedGroup[] }>("rules")).groups,
    query: async (query) => {
      const { result } = await asked<{
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly value: readonly [number, string];
        }[];
      }>("query", { query });
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    formatted: (query) => asked<string>("format_query", { query }),
  };
}
