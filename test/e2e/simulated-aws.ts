import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

// Stands in for the two services of AWS that Pulumi itself uses: a bucket of S3 for the state, and a key of KMS for the secrets. Nothing is
// encrypted here: what KMS answers is the plain text behind the name of the key, which a test can tell apart.

/** A bucket and keys on loopback. */
export interface SimulatedAws {
  /** What the shell exports, so that the SDK of AWS asks this one. */
  readonly env: Readonly<Record<string, string>>;
  /** The keys of the objects of a bucket. */
  readonly objects: (bucket: string) => readonly string[];
  /** The names of the keys with which something was encrypted or decrypted, in this order: `Encrypt alias/bellwether-prod`. */
  readonly uses: readonly string[];
  readonly stop: () => void;
}

export async function startSimulatedAws(buckets: readonly string[]): Promise<SimulatedAws> {
  const stores = new Map(buckets.map((name) => [name, new Map<string, Buffer>()]));
  const uses: string[] = [];
  const server = createServer((request, response) => {
    answer(request, stores, uses)
      .catch((error: unknown): Answer => ({ status: 500, body: String(error) }))
      .then(({ status, headers = {}, body }) => response.writeHead(status, headers).end(body));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uses,
    objects: (bucket) => [...(stores.get(bucket)?.keys() ?? [])].sort(),
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "of-nobody",
      AWS_SECRET_ACCESS_KEY: "of-nobody",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Of each bucket, the objects by key. */
type Stores = ReadonlyMap<string, Map<string, Buffer>>;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

async function answer(request: IncomingMessage, stores: Stores, uses: string[]): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const [, operation] = /^TrentService\.(\w+)$/.exec(String(request.headers["x-amz-target"])) ?? [];
  return operation === undefined ? answerOfS3(request, body, stores) : answerOfKms(operation, body, uses);
}

interface KmsRequest {
  readonly KeyId?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
}

function answerOfKms(operation: string, body: Buffer, uses: string[]): Answer {
  const asked = JSON.parse(String(body)) as KmsRequest;
  const json = (value: unknown): Answer => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(value),
  });
  if (operation === "Encrypt") {
    uses.push(`Encrypt ${asked.KeyId}`);
    const blob = JSON.stringify({ key: asked.KeyId, text: asked.Plaintext });
    return json({ KeyId: asked.KeyId, CiphertextBlob: Buffer.from(blob).toString("base64") });
  }
  const { key, text } = JSON.parse(String(Buffer.from(asked.CiphertextBlob ?? "", "base64"))) as {
    readonly key: string;
    readonly text: string;
  };
  uses.push(`Decrypt ${key}`);
  return json({ KeyId: key, Plaintext: text });
}

/** Objects by path, /bucket/key, as the SDK asks for them at an endpoint that is an address. */
function answerOfS3(request: IncomingMessage, body: Buffer, stores: Stores): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://s3");
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
  const store = stores.get(bucket);
  if (store === undefined) return refusal("NoSuchBucket");
  if (key === "") return xml(listing(bucket, store, searchParams));
  const { method } = request;
  if (method === "DELETE") {
    store.delete(key);
    return { status: 204 };
  }
  if (method === "PUT") {
    const source = request.headers["x-amz-copy-source"];
    const content = source === undefined ? body : store.get(keyOf(String(source), bucket));
    if (content === undefined) return refusal("NoSuchKey");
    store.set(key, content);
    return source === undefined
      ? { status: 200, headers: WRITTEN }
      : xml("<CopyObjectResult><ETag>0</ETag></CopyObjectResult>");
  }
  const object = store.get(key);
  if (object === undefined) return method === "HEAD" ? { status: 404 } : refusal("NoSuchKey");
  const headers = { ...WRITTEN, "content-length": String(object.length) };
  return method === "HEAD" ? { status: 200, headers } : { status: 200, headers, body: object };
}

const WRITTEN = { "last-modified": "Mon, 23 Nov 2026 00:00:00 GMT", etag: '"0"' };

/** The key of what is copied: bucket/key. */
function keyOf(source: string, bucket: string): string {
  return decodeURIComponent(source)
    .replace(/^\//, "")
    .slice(bucket.length + 1);
}

function xml(body: string, status = 200): Answer {
  return { status, headers: { "content-type": "application/xml" }, body };
}

function refusal(code: string): Answer {
  return xml(`<Error><Code>${code}</Code></Error>`, 404);
}

/** ListObjectsV2 of all keys at once, with what is behind a delimiter as a common prefix. */
function listing(bucket: string, store: ReadonlyMap<string, Buffer>, search: URLSearchParams): string {
  const prefix = search.get("prefix") ?? "";
  const delimiter = search.get("delimiter") ?? "";
  const prefixes = new Set<string>();
  const contents: string[] = [];
  for (const [key, { length }] of [...store].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (end >= 0) prefixes.add(key.slice(0, end + delimiter.length));
    else contents.push(`<Contents><Key>${escaped(key)}</Key>${LISTED}<Size>${length}</Size></Contents>`);
  }
  const common = [...prefixes].map(
    (text) => `<CommonPrefixes><Prefix>${escaped(text)}</Prefix></CommonPrefixes>`,
  );
  return [
    `<ListBucketResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>`,
    ...contents,
    ...common,
    "</ListBucketResult>",
  ].join("");
}

const LISTED = "<LastModified>2026-11-23T00:00:00Z</LastModified><ETag>0</ETag>";

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
