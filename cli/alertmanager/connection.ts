import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { serverAddress, whyFailed } from "../server-address.ts";

/** An Alertmanager that has the API of version 2. */
export interface Alertmanager {
  /** The address without user and password. It ends with a slash. */
  readonly href: string;
  /** What a path lists. */
  readonly list: <T>(path: string) => Promise<readonly T[]>;
  readonly post: <T>(path: string, body: unknown) => Promise<T>;
  readonly remove: (path: string) => Promise<void>;
}

const SECONDS = 30;

/**
 * A connection to the Alertmanager of `--alertmanager` of the command `subject`. A call rejects with an InvalidInputError that names the
 * URL, without its password, if the server refuses or there is no answer.
 */
export function alertmanagerAt(address: string, token: string | undefined, subject: string): Alertmanager {
  const { base, authorization } = serverAddress(address, token);
  const problem = (found: string): Problem => ({
    path: "--alertmanager",
    found: `${base.href}: ${found}`,
    allowed: `the URL of an Alertmanager that answers its HTTP API within ${SECONDS} seconds`,
    fix: "correct the URL, or forward a port: kubectl --namespace monitoring port-forward svc/alertmanager-operated 9093",
  });
  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const url = new URL(`api/v2/${path}`, base);
    try {
      const response = await fetch(url, {
        method,
        signal: AbortSignal.timeout(SECONDS * 1000),
        headers: {
          ...(authorization !== undefined && { authorization }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok)
        throw new Error(`it answers ${response.status} to ${url.pathname}${said(response, text)}`);
      return text;
    } catch (error) {
      throw new InvalidInputError(subject, [problem(whyFailed(error))]);
    }
  };
  const json = <T>(text: string): T => {
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new InvalidInputError(subject, [problem(whyFailed(error))]);
    }
  };
  return {
    href: base.href,
    list: async <T>(path: string) => {
      const answer = json<unknown>(await ask("GET", path));
      if (Array.isArray(answer)) return answer as readonly T[];
      throw new InvalidInputError(subject, [problem("an answer that is no list, as Alertmanager sends it")]);
    },
    post: async <T>(path: string, body: unknown) => json<T>(await ask("POST", path, body)),
    remove: async (path) => void (await ask("DELETE", path)),
  };
}

/** What an answer says, in one line; a page for a browser says nothing of it. */
function said({ headers }: Response, text: string): string {
  if (headers.get("content-type")?.includes("html") === true) return " with a page for a browser";
  const line = text.replace(/\s+/g, " ").trim();
  return line === "" ? "" : `: ${line.slice(0, 200)}`;
}
