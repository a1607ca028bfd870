/** A server, and how to authenticate to it. */
export interface ServerAddress {
  /** Without user and password: fetch refuses an address with them, and repeats it in its message. It ends with a slash. */
  readonly base: URL;
  /** What the header `authorization` says: the token as bearer token, else the user and password of the address. */
  readonly authorization: string | undefined;
}

/** Takes an address apart. Throws a TypeError for a text that is no URL. */
export function serverAddress(address: string, token: string | undefined): ServerAddress {
  const base = new URL(address.endsWith("/") ? address : `${address}/`);
  const authorization = token === undefined ? basicOf(base) : `Bearer ${token}`;
  base.username = "";
  base.password = "";
  return { base, authorization };
}

function basicOf({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain).toString("base64")}`;
}

/** Why a request failed: fetch says only that it did, and its cause says why. What is no JSON is mostly a page of a proxy. */
export function whyFailed(error: unknown): string {
  const { message, cause } = error as Error;
  if (error instanceof SyntaxError) return "an answer that is no JSON, such as a page of sign-in";
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
