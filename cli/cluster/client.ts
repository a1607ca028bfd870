import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import type { KubeContext } from "../../components/cluster/kubeconfig.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { credentialsOf } from "./credentials.ts";

/** A Kubernetes object, as far as every kind has the same fields. */
interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What the API server answered. */
interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

/** The API server answered, but not with what was asked for. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** The HTTP status, such as 403 or 404. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Content types of patches. */
export const PATCH = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

const SECONDS = 30;

/** A client of one API server, for the commands that look at a cluster or change it. */
export interface ClusterClient {
  /** Where the API server is. */
  readonly server: string;
  /** Asks, whatever the answer. Rejects with an InvalidInputError if the API server gives none within 30 s. */
  readonly ask: <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ) => Promise<Answer<T>>;
  /** As `ask`. Rejects with {@link Refused} unless the status is below 300. */
  readonly must: <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ) => Promise<T>;
  /** An object; undefined where there is none. Rejects with {@link Refused} for any other answer. */
  readonly get: <T = KubernetesObject>(path: string) => Promise<T | undefined>;
  /** Ends the connections that are kept. */
  readonly close: () => void;
}

/** A client for a context. Rejects with an InvalidInputError where its credentials cannot be had. */
export async function connect(context: KubeContext): Promise<ClusterClient> {
  const { tls, headers: own } = await credentialsOf(context);
  const server = String(context.cluster["server"]).replace(/\/+$/, "");
  const isPlain = server.startsWith("http://");
  const agent = isPlain ? new PlainAgent({ keepAlive: true }) : new Agent({ ...tls, keepAlive: true });
  const send = isPlain ? plainRequest : request;

  const ask: ClusterClient["ask"] = <T>(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ) =>
    new Promise<Answer<T>>((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        ...own,
        accept: "application/json",
        ...(payload !== undefined && {
          "content-type": contentType,
          "content-length": Buffer.byteLength(payload),
        }),
      };
      const fail = (error: Error) => reject(unreachable(context, server, error));
      const asked = send(`${server}${path}`, { method, headers, agent });
      // Of the whole exchange: a server that answers a byte now and then must end, too.
      const timer = setTimeout(
        () => asked.destroy(new Error(`no answer within ${SECONDS} s`)),
        SECONDS * 1000,
      );
      asked.on("close", () => clearTimeout(timer)).on("error", fail);
      asked.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", fail);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
          resolve({
            status: response.statusCode ?? 0,
            body: (isJson && text !== "" ? JSON.parse(text) : text) as T,
          });
        });
      });
      asked.end(payload);
    });

  const must: ClusterClient["must"] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ) => {
    const answer = await ask<T>(method, path, body, contentType);
    if (answer.status < 300) return answer.body;
    throw refusal(method, path, answer);
  };

  return {
    server,
    ask,
    must,
    get: async <T>(path: string) => {
      const answer = await ask<T>("GET", path);
      if (answer.status === 404) return undefined;
      if (answer.status < 300) return answer.body;
      throw refusal("GET", path, answer);
    },
    close: () => agent.destroy(),
  };
}

function refusal(method: string, path: string, { status, body }: Answer): Refused {
  const { message = String(body) } = (body ?? {}) as { readonly message?: string };
  return new Refused(status, `${method} ${path}: ${status} ${message}`);
}

/** Without an answer the cluster or the way to it is down, or the certificate is another's: no defect of the program. */
function unreachable({ name, file }: KubeContext, server: string, error: Error): InvalidInputError {
  const { code } = error as NodeJS.ErrnoException;
  return new InvalidInputError("The cluster", [
    {
      path: `context ${name} of ${file}`,
      found: `${server}, which does not answer: ${error.message || code}`,
      allowed: "a cluster whose API server answers",
      fix: "start the cluster, connect to its network (docs/how-to/reach-the-cluster.md), or make the context anew",
    },
  ]);
}
