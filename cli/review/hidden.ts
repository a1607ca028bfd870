import { parse } from "yaml";
import { isPlainWord, isSecretName, withoutForms } from "../../components/core/secret-forms.ts";
import { isCredential } from "../../policies/rules/alertmanager-credentials.ts";
import { isMap } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";

// A preview renders no secret of its own. A base may be older than that, a file of another tool, or hold what somebody wrote into a
// URL, a label or a definition: none of it may reach a comment.

/** What stands in place of a secret that both sides have, that the base alone has, and that is new. */
const HIDDEN = { both: "[secret]", before: "[secret before]", after: "[new secret]" } as const;

/** The marks of a preview, which are no secrets. */
const MARKS: ReadonlySet<string> = new Set(["", "[secret]", "[unknown]"]);

/** Shorter ones are hidden where they stand, and not looked for elsewhere: they would be found in words. */
const SHORTEST = 6;

/** A map with this key is a secret of Pulumi. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What has secrets: a model, or its resources alone. */
type Hideable = Pick<EnvironmentModel, "resources"> & Partial<EnvironmentModel>;

/** Two models of one environment without their secrets; that a secret changes is still seen. */
export function withoutSecrets<Before extends Hideable | undefined, After extends Hideable>(
  before: Before,
  after: After,
): { readonly before: Before; readonly after: After } {
  const [was, is] = [secretsIn(before), secretsIn(after)];
  const marks = new Map<string, string>();
  for (const secret of was) marks.set(secret, is.has(secret) ? HIDDEN.both : HIDDEN.before);
  for (const secret of is) if (!was.has(secret)) marks.set(secret, HIDDEN.after);
  const texts = new Map<string, string>();
  return { before: hiddenIn(before, marks, texts), after: hiddenIn(after, marks, texts) };
}

/** A text without what has the form of a secret, for messages whose secrets are not known otherwise. */
export function withoutSecretForms(text: string): string {
  return withoutForms(text, HIDDEN.both);
}

/** What is a secret by the place where it stands: a Secret of Kubernetes or of Pulumi, a name that says so, a field of Alertmanager. */
function secretsIn(model: Hideable | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  if (model === undefined) return found;
  const { alertmanager, ...rest } = model;
  collectCredentials(alertmanager, "", "", found);
  collect(rest, found);
  for (const { type, inputs } of model.resources)
    if (/^kubernetes:core\/v1:Secret$/.test(type)) {
      addAll(inputs["stringData"], found);
      addAll(inputs["data"], found, decoded);
    }
  return found;
}

function add(text: unknown, found: Set<string>): void {
  if (typeof text === "string" && !MARKS.has(text.trim())) found.add(text);
}

/** Every text below a value, as it is and as what it stands for, and what is a secret in it if it is a document. */
function addAll(value: unknown, found: Set<string>, read: (text: string) => string = (text) => text): void {
  if (typeof value === "string") {
    for (const text of new Set([value, value.trim(), read(value), read(value).trim()])) add(text, found);
    const inner = documentIn(read(value));
    collect(inner, found);
    collectCredentials(inner, "", "", found);
  } else if (Array.isArray(value)) for (const each of value) addAll(each, found, read);
  else if (isMap(value)) for (const each of Object.values(value)) addAll(each, found, read);
}

function documentIn(text: string): unknown {
  if (!text.trim().includes("\n")) return undefined;
  try {
    return parse(text, { logLevel: "error" });
  } catch {
    // Of a text in another form only the whole is hidden.
    return undefined;
  }
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, found);
  else if (isMap(value)) {
    if (SIGNATURE in value) addAll(value["value"] ?? value["plaintext"] ?? value["ciphertext"], found);
    // An environment variable, a parameter: `{ name: "API_TOKEN", value: "…" }`.
    const named = value["name"] ?? value["key"];
    if (typeof named === "string" && isSecretName(snake(named))) addPlain(value["value"], found);
    for (const [key, inner] of Object.entries(value)) {
      const name = key.split(".").at(-1) ?? key;
      if (isSecretName(snake(name)) && !IS_NAME.test(snake(name))) addPlain(inner, found);
      else collect(inner, found);
    }
  }
}

/** A setting such as `webhookUrlSecret` and a field such as `configSecret` name a secret that is elsewhere. */
const IS_NAME = /(?<!^|client_|api_|app_|auth_|shared_|signing_)secret$/i;

/** `apiKey` is `api_Key`: names of fields of AWS and Kubernetes. */
function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
}

function addPlain(value: unknown, found: Set<string>): void {
  if (typeof value === "string" && isPlainWord(value)) add(value, found);
  else collect(value, found);
}

function collectCredentials(value: unknown, name: string, path: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collectCredentials(each, name, path, found);
  else if (isMap(value))
    for (const [key, inner] of Object.entries(value)) collectCredentials(inner, key, `${path}.${key}`, found);
  else if (isCredential(name, path) || (name === "url" && path.includes("webhook_configs")))
    add(value, found);
}

function hiddenIn<Value>(
  value: Value,
  marks: ReadonlyMap<string, string>,
  texts: Map<string, string>,
): Value {
  const known = [...marks].filter(([secret]) => secret.length >= SHORTEST);
  // A secret may hold another one.
  known.sort(([a], [b]) => b.length - a.length);
  const text = (of: string): string => {
    const found = texts.get(of);
    if (found !== undefined) return found;
    const whole = marks.get(of);
    let result = whole ?? of;
    if (whole === undefined && !MARKS.has(of)) {
      for (const [secret, mark] of known)
        if (result.includes(secret)) result = result.replaceAll(secret, mark);
      result = withoutSecretForms(result);
    }
    texts.set(of, result);
    return result;
  };
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return text(each);
    if (Array.isArray(each)) return each.map(walk);
    if (!isMap(each)) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [text(key), walk(inner)]));
  };
  return walk(value) as Value;
}
