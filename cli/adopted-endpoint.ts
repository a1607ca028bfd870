import { DURATION_PATTERN, seconds } from "../components/core/duration.ts";
import { isJson, type Json } from "../components/core/json.ts";
import { shown } from "../components/core/problems.ts";
import type { ServiceDefinition } from "../components/service/model.ts";

type Scrape = Exclude<
  NonNullable<ServiceDefinition["scrape"]>,
  string | { kind: "elsewhere" } | { kind: "push" }
>;
type Protocol = Pick<Scrape, "interval" | "scheme" | "tlsConfig" | "auth">;
/** Says what is not carried over, and what to do. */
type Note = (path: string, found: string, instead: string) => void;

/** How an endpoint of a monitor is scraped, as a definition says it. What it has no place for is noted; no Secret is read. */
export function adoptedEndpoint(endpoint: Json, note: Note): Protocol {
  const auth = authOf(endpoint, note);
  const interval = intervalOf(endpoint, note);
  const tlsConfig = tlsOf(endpoint["tlsConfig"], auth !== undefined, note);
  const isHttps = String(endpoint["scheme"]).toLowerCase() === "https";
  if (!isHttps && tlsConfig !== undefined)
    note("tlsConfig", shown(endpoint["tlsConfig"]), "not carried over: the scheme is not https");
  return {
    ...(interval === undefined ? {} : { interval }),
    ...(isHttps && { scheme: "https" as const }),
    ...(isHttps && tlsConfig !== undefined && { tlsConfig }),
    ...(auth === undefined ? {} : { auth }),
  };
}

function intervalOf({ interval }: Json, note: Note): Protocol["interval"] {
  if (typeof interval !== "string") return undefined;
  if (DURATION_PATTERN.test(interval)) {
    const length = seconds(interval as NonNullable<Protocol["interval"]>);
    if (length >= 10 && length <= 120) return interval as Protocol["interval"];
  }
  note("interval", shown(interval), "not carried over: a definition scrapes every 10s to 2m");
  return undefined;
}

/** The TLS settings: a name, an authority in a Secret, or any certificate. */
function tlsOf(tls: unknown, hasAuth: boolean, note: Note): Protocol["tlsConfig"] {
  if (!isJson(tls)) return undefined;
  const { serverName, insecureSkipVerify, ca, ...rest } = tls;
  for (const [field, value] of Object.entries(rest))
    note(
      `tlsConfig.${field}`,
      shown(value),
      "not carried over: a definition has serverName, ca and insecureSkipVerify",
    );
  const inSecret = isJson(ca) ? selectorOf(ca["secret"]) : undefined;
  if (ca !== undefined && inSecret === undefined)
    note("tlsConfig.ca", shown(ca), "put the certificate into a Secret, and write tlsConfig.ca.secret");
  if (inSecret !== undefined) copied(inSecret, "tlsConfig.ca", note);
  const skips = insecureSkipVerify === true && !hasAuth && inSecret === undefined;
  if (insecureSkipVerify === true && !skips)
    note(
      "tlsConfig.insecureSkipVerify",
      "true",
      "not carried over: with credentials or an authority the certificate is checked",
    );
  const adopted = {
    ...(typeof serverName === "string" && { serverName }),
    ...(inSecret && { ca: { secret: inSecret.name, key: inSecret.key } }),
    ...(skips && { insecureSkipVerify: true as const }),
  };
  return Object.keys(adopted).length > 0 ? adopted : undefined;
}

function authOf({ authorization, bearerTokenSecret, basicAuth }: Json, note: Note): Protocol["auth"] {
  const refused = (field: string, value: unknown) =>
    note(field, shown(value), "not carried over: write scrape.auth, with one Secret");
  if (basicAuth !== undefined) {
    const [user, password] = isJson(basicAuth)
      ? [selectorOf(basicAuth["username"]), selectorOf(basicAuth["password"])]
      : [];
    if (user === undefined || password === undefined || user.name !== password.name) {
      refused("basicAuth", basicAuth);
      return undefined;
    }
    copied(user, "basicAuth", note);
    return { kind: "basic", secret: user.name, usernameKey: user.key, passwordKey: password.key };
  }
  const field = authorization === undefined ? "bearerTokenSecret" : "authorization";
  const given = authorization ?? bearerTokenSecret;
  if (given === undefined || (isJson(given) && given["name"] === "")) return undefined;
  const isBearer = !isJson(authorization) || /^bearer$/i.test(String(authorization["type"] ?? "Bearer"));
  const token = selectorOf(isJson(authorization) ? authorization["credentials"] : bearerTokenSecret);
  if (token === undefined || !isBearer) {
    refused(field, given);
    return undefined;
  }
  copied(token, field, note);
  return { kind: "bearer", secret: token.name, key: token.key };
}

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

function selectorOf(value: unknown): SecretKey | undefined {
  if (!isJson(value)) return undefined;
  const { name, key } = value;
  return typeof name === "string" && typeof key === "string" ? { name, key } : undefined;
}

/** The operator reads a Secret in the namespace of the monitor, which is another one from now on. */
function copied({ name }: SecretKey, field: string, note: Note): void {
  note(field, `the Secret ${name}`, `create the Secret ${name} in the namespace of the platform, monitoring`);
}
