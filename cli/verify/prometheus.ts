import { InvalidInputError } from "../../components/core/problems.ts";

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

const SECONDS = 30;

/** Asks the HTTP API. Each call rejects with an InvalidInputError that names the URL, without its password, if there is no answer. */
export function prometheusAt(address: string, token: string | undefined): Prometheus {
  const base = new URL(address.endsWith("/") ? address : `${address}/`);
  const authorization =
    token !== undefined
      ? `Bearer ${token}`
      : base.username === ""
        ? undefined
        : `Basic ${Buffer.from(`${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`).toString("base64")}`;
  base.username = "";
  base.password = "";
  const asked = async <T>(path: string, fields: Readonly<Record<string, string>> = {}): Promise<T> => {
    const url = new URL(`api/v1/${path}`, base);
    const isPost = Object.hasOwn(fields, "query");
    for (const [name, value] of Object.entries(isPost ? {} : fields)) url.searchParams.set(name, value);
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(SECONDS * 1000),
        headers: authorization === undefined ? {} : { authorization },
        ...(isPost && { method: "POST", body: new URLSearchParams(fields) }),
      });
      if (!response.ok) throw new Error(`it answers ${response.status} to ${url.pathname}`);
      return ((await response.json()) as { readonly data: T }).data;
    } catch (error) {
      const { message, cause } = error as Error & { readonly cause?: Error };
      throw new InvalidInputError("verify", [
        {
          path: "--prometheus",
          found: `${base.href}: ${message}${cause instanceof Error ? `: ${cause.message}` : ""}`,
          allowed: "the URL of a Prometheus that answers its HTTP API within 30 seconds",
          fix: "correct the URL, or forward a port: kubectl --namespace monitoring port-forward svc/prometheus-operated 9090",
        },
      ]);
    }
  };
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
