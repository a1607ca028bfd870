import type { ErrorBudgets } from "../rules/error-budgets.ts";
import type { Violation } from "../rules/violation.ts";

/** The settings of a policy that asks for error budgets. */
interface Asked {
  readonly freeze?: unknown;
  readonly url?: unknown;
  readonly seconds?: unknown;
  readonly query?: unknown;
  readonly serviceLabel?: unknown;
}

/** The answers of the Prometheus servers that a pack asks, each asked once as long as the pack runs. */
export class AskedBudgets {
  readonly #variables: Readonly<Record<string, string | undefined>>;
  readonly #answers = new Map<string, Promise<ErrorBudgets>>();
  readonly #said = new Set<string>();

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  /** What the Prometheus of a policy's settings says. Never rejects. */
  of(settings: Asked): Promise<ErrorBudgets> {
    const key = JSON.stringify(settings);
    const known = this.#answers.get(key) ?? errorBudgets(settings, this.#variables);
    this.#answers.set(key, known);
    return known;
  }

  /** Without what was said of another resource of the stack: why nothing is known is the same for all of them. */
  saidOnce(urn: string, violations: readonly Violation[]): readonly Violation[] {
    return violations.filter(({ what, undecided }) => {
      if (undecided !== "not visible") return true;
      const key = `${urn.split("::")[0]} ${what}`;
      if (this.#said.has(key)) return false;
      this.#said.add(key);
      return true;
    });
  }
}

const NOT_ASKED: ErrorBudgets = { state: "not asked" };
const LONGEST_WAIT = 30;
/** So much of an answer is read, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/**
 * Asks a Prometheus for the error budgets that are spent and for the images that run, within the seconds of the settings for each question. A
 * token in `PROMETHEUS_TOKEN` is sent as bearer token. Never rejects: what goes wrong is in the answer, without the URL's password.
 */
export async function errorBudgets(
  { freeze, url, seconds, query, serviceLabel }: Asked,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ErrorBudgets> {
  if (typeof freeze !== "string" || freeze === "" || typeof url !== "string" || url === "") return NOT_ASKED;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return { state: "unreachable", why: "the setting url of this policy is no http or https URL" };
  const base = new URL(url.endsWith("/") ? url : `${url}/`);
  const limit = Math.min(LONGEST_WAIT, Math.max(1, typeof seconds === "number" ? seconds : 5));
  const ask = (text: string) => asked(base, text, limit, variables["PROMETHEUS_TOKEN"]);
  try {
    const series = await ask(`(${String(query)}) >= 1`);
    const spent = series.map(({ metric, value }) => ({
      service: metric[String(serviceLabel)] ?? "",
      objective: metric["slo"],
      share: Number(value[1]),
    }));
    if (spent.length === 0 || freeze !== "releases") return { state: "known", spent, running: undefined };
    const running = await ask("group by (namespace, image_spec, image) (kube_pod_container_info)");
    const images = running.flatMap(({ metric: { namespace, image_spec: spec, image } }) =>
      [spec, image].flatMap((each) => (each === undefined || each === "" ? [] : [`${namespace}/${each}`])),
    );
    return { state: "known", spent, running: images.length === 0 ? undefined : new Set(images) };
  } catch (error) {
    return { state: "unreachable", why: `${shown(base)} ${inWords(error, limit)}` };
  }
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function asked(
  base: URL,
  query: string,
  limit: number,
  token: string | undefined,
): Promise<readonly Series[]> {
  const url = new URL("api/v1/query", base);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const authorization =
    token !== undefined ? `Bearer ${token}` : username && `Basic ${basic.toString("base64")}`;
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ query }),
    headers: authorization ? { authorization } : {},
    signal: AbortSignal.timeout(limit * 1000),
  });
  if (!response.ok) throw new Refused(`answers ${response.status}`);
  const text = await response.text();
  if (text.length > LARGEST) throw new Refused("answers more than can be read");
  const { data } = JSON.parse(text) as { readonly data?: { readonly result?: readonly Series[] } };
  if (!Array.isArray(data?.result)) throw new Refused("answers, but not as Prometheus does");
  return data.result as readonly Series[];
}

/** The server answered, and not with series. */
class Refused extends Error {}

function inWords(error: unknown, limit: number): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof SyntaxError) return "answers, but not as Prometheus does";
  const { name, cause } = error as Error;
  if (name === "TimeoutError") return `does not answer within ${limit} ${limit === 1 ? "second" : "seconds"}`;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return `cannot be reached${code === undefined ? "" : ` (${code})`}`;
}

function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
