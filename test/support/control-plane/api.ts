import { Agent, request } from "node:https";

/** A Kubernetes object, of any kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What names an object. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Who asks: a client certificate or the token of a service account. */
export type Identity = { readonly certificate: string; readonly key: string } | { readonly token: string };

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  /** What the API server warns of. */
  readonly warnings: readonly string[];
}

/** The API server refuses. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Discovery {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** A client of an API server, as small as the tests need it. */
export class ApiClient {
  private readonly agent: Agent;
  private readonly url: string;
  private readonly token: string | undefined;
  private readonly discovered = new Map<string, Promise<Discovery>>();

  constructor(url: string, authority: string, identity: Identity) {
    this.url = url;
    this.token = "token" in identity ? identity.token : undefined;
    this.agent = new Agent({
      ca: authority,
      keepAlive: true,
      ...("token" in identity ? {} : { cert: identity.certificate, key: identity.key }),
    });
  }

  /** Ends the connections that are kept. */
  close(): void {
    this.agent.destroy();
  }

  /** Asks, whatever the answer. Rejects only when there is none within half a minute. */
  ask<T>(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<Answer<T>> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const headers = {
        accept: "application/json",
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(payload === undefined
          ? {}
          : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
      };
      const asked = request(`${this.url}${path}`, { method, headers, agent: this.agent, timeout: 30_000 });
      asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} was not answered`)));
      asked.on("error", reject);
      asked.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
          resolve({
            status: response.statusCode ?? 0,
            body: (isJson && text !== "" ? JSON.parse(text) : text) as T,
            warnings: warningsIn(response.headers["warning"]),
          });
        });
      });
      asked.end(payload);
    });
  }

  /** @throws {Refused} unless the answer says that it is done. */
  async must<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer<T>> {
    const answer = await this.ask<T>(method, path, body, contentType);
    if (answer.status < 300) return answer;
    const { message = String(answer.body) } = (answer.body ?? {}) as { readonly message?: string };
    throw new Refused(answer.status, `${method} ${path}: ${answer.status} ${message}`);
  }

  /** Where the objects of a kind are. Kinds are asked for once, and again while one is not known yet. */
  async pathOf(kind: Omit<Reference, "name">, name?: string): Promise<string> {
    const { apiVersion, namespace } = kind;
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const discovery = await this.discover(root);
    const resource = discovery.resources.find(
      (known) => known.kind === kind.kind && !known.name.includes("/"),
    );
    if (resource === undefined) {
      this.discovered.delete(root);
      throw new Refused(404, `the API server knows no ${apiVersion} ${kind.kind}`);
    }
    const place = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
    return `${root}${place}/${resource.name}${name === undefined ? "" : `/${name}`}`;
  }

  private async discover(root: string): Promise<Discovery> {
    const known = this.discovered.get(root);
    if (known !== undefined) return await known;
    const asked = this.must<Discovery>("GET", root).then(({ body }) => body);
    this.discovered.set(root, asked);
    asked.catch(() => this.discovered.delete(root));
    return await asked;
  }

  async get<T = KubernetesObject>({ name, ...kind }: Reference): Promise<T | undefined> {
    const answer = await this.ask<T>("GET", await this.pathOf(kind, name));
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw new Refused(answer.status, JSON.stringify(answer.body));
    return answer.body;
  }

  /** Every object of a kind, in one namespace or in all. */
  async list<T = KubernetesObject>(kind: Omit<Reference, "name">): Promise<readonly T[]> {
    const { body } = await this.must<{ readonly items: readonly T[] }>("GET", await this.pathOf(kind));
    return body.items;
  }

  /** Server-side apply with strict validation: a field that the API server does not know is an error, never dropped. */
  async apply(object: KubernetesObject, manager = "bellwether"): Promise<Answer<KubernetesObject>> {
    const path = await this.pathOf(referenceTo(object), object.metadata.name);
    const query = new URLSearchParams({ fieldManager: manager, fieldValidation: "Strict" });
    return await this.must("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
  }

  async merge(reference: Reference, patch: unknown, subresource = ""): Promise<void> {
    const path = await this.pathOf(reference, reference.name);
    await this.must("PATCH", `${path}${subresource}`, patch, "application/merge-patch+json");
  }

  async remove(reference: Reference): Promise<void> {
    const answer = await this.ask("DELETE", await this.pathOf(reference, reference.name));
    if (answer.status >= 300 && answer.status !== 404)
      throw new Refused(answer.status, JSON.stringify(answer.body));
  }
}

/** What names an object. */
export function referenceTo({ apiVersion, kind, metadata }: KubernetesObject): Reference {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `299 - "text"`, several with commas between them. */
function warningsIn(header: string | undefined): string[] {
  return [...(header ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
    text.replace(/\\(.)/g, "$1"),
  );
}
