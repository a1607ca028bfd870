import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { DEFAULT_NAMESPACES } from "../../components/workloads/model.ts";
import { serverAddress, whyFailed } from "../server-address.ts";

/** A server that has Prometheus' HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Connection {
  /** The address without user and password. It ends with a slash. */
  readonly href: string;
  /** What the header `authorization` says. */
  readonly authorization: string | undefined;
  /** The data of an answer. A query is sent by POST. */
  readonly ask: <T>(path: string, fields?: Readonly<Record<string, string>>) => Promise<T>;
}

const SECONDS = 30;

/** What may differ between commands. */
interface ConnectionOptions {
  /** Seconds for an answer. Default: 30. */
  readonly limit?: number;
  /** The namespace of the platform, for the message. Default: monitoring. */
  readonly namespace?: string;
}

/** The server understood a query and does not answer it: the query is wrong, reads too much or takes too long. */
export class QueryRefused extends InvalidInputError {
  /** What the server says. */
  readonly reason: string;

  constructor(subject: string, reason: string, problem: Problem) {
    super(subject, [problem]);
    this.reason = reason;
  }
}

/**
 * A connection to the server of `--prometheus` of the command `subject`. A call rejects with a {@link QueryRefused}, or with an
 * InvalidInputError that names the URL, without its password, if there is no answer within `limit` seconds.
 */
export function connectionTo(
  address: string,
  token: string | undefined,
  subject: string,
  { limit = SECONDS, namespace = DEFAULT_NAMESPACES.monitoring }: ConnectionOptions = {},
): Connection {
  const { base, authorization } = serverAddress(address, token);
  const problem = (found: string): Problem => ({
    path: "--prometheus",
    found: `${base.href}: ${found}`,
    allowed: `the URL of a Prometheus that answers its HTTP API within ${limit} seconds`,
    fix: `correct the URL, or forward a port: kubectl --namespace ${namespace} port-forward svc/prometheus-operated 9090`,
  });
  const ask = async <T>(path: string, fields: Readonly<Record<string, string>> = {}): Promise<T> => {
    const url = new URL(`api/v1/${path}`, base);
    const isPost = Object.hasOwn(fields, "query");
    for (const [name, value] of Object.entries(isPost ? {} : fields)) url.searchParams.set(name, value);
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(limit * 1000),
        headers: authorization === undefined ? {} : { authorization },
        ...(isPost && { method: "POST", body: new URLSearchParams(fields) }),
      });
      if (isPost && REFUSALS.has(response.status)) {
        const reason = await reasonOf(response);
        throw new QueryRefused(subject, reason, problem(reason));
      }
      if (!response.ok) throw new Error(`it answers ${response.status} to ${url.pathname}`);
      return dataOf<T>(await response.text());
    } catch (error) {
      if (error instanceof QueryRefused) throw error;
      throw new InvalidInputError(subject, [problem(whyFailed(error))]);
    }
  };
  return { href: base.href, authorization, ask };
}

/** The server understood the query and refuses it. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422, 503]);

/**
 * The field `data` of an answer. Throws an Error where there is none: a proxy or a page of sign-in answers 200 with HTML, another server
 * with JSON of its own.
 */
function dataOf<T>(text: string): T {
  const data = (JSON.parse(text) as { readonly data?: unknown } | null)?.data;
  if (data === undefined || data === null)
    throw new Error("an answer without the field data, which Prometheus always sends");
  return data as T;
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    if (typeof error === "string") return error;
  } catch {
    // A proxy before the server answers in its own form.
  }
  return `it answers ${response.status}`;
}
