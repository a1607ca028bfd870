/**
 * Values as they travel between a Pulumi program and its engine: JSON, in which a value that is known only after `up` is one
 * fixed string and a secret is a map with one fixed signature. Both constants belong to the engine's protocol.
 */
export type Wire = null | boolean | number | string | readonly Wire[] | { readonly [key: string]: Wire };

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** What people read where a value is known only after `up`. */
const UNKNOWN_SHOWN = "[unknown]";
/**
 * What a manifest has in a field `url` that is known only after `up`: the CRDs of the operator accept only an http or https URL
 * there, and no name below `.invalid` ever resolves (RFC 2606).
 */
const UNKNOWN_URL_SHOWN = "https://unknown.invalid";
/** What people read where a value is secret. */
const SECRET_SHOWN = "[secret]";

export type WireMap = { readonly [key: string]: Wire };

function isMap(value: Wire | undefined): value is WireMap {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The value of a key of a map, else undefined. */
export function at(value: Wire | undefined, ...keys: readonly string[]): Wire | undefined {
  return keys.reduce<Wire | undefined>(
    (found, key) => (isMap(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    value,
  );
}

/** The text of a key of a map, where it is text and known. */
export function textAt(value: Wire | undefined, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" && found !== UNKNOWN ? found : undefined;
}

/** The items of a list; none of anything else. */
export function itemsOf(value: Wire | undefined): readonly Wire[] {
  return value !== undefined && isList(value) ? value : [];
}

/** What is text in a map, by key. */
export function textsOf(value: Wire | undefined): Record<string, string> {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])),
  );
}

/** A value fit for print: "[secret]" for what is secret, whatever its shape, and "[unknown]" for what is not known yet. */
export function redacted(value: Wire): Wire {
  return print(value, { secret: () => SECRET_SHOWN, unknownUrl: UNKNOWN_SHOWN });
}

/**
 * As {@link redacted}, in the shape that the schema of a Kubernetes object requires: a secret map keeps its keys, and an unknown
 * `url` is {@link UNKNOWN_URL_SHOWN}.
 */
export function redactedInShape(value: Wire): Wire {
  return print(value, { secret: withSecretLeaves, unknownUrl: UNKNOWN_URL_SHOWN });
}

/** The value inside a secret's wrapping, for what is wrapped without being secret. Never print it unchecked. */
export function unwrapped(value: Wire | undefined): Wire | undefined {
  return isSecret(value) ? unwrapped(value["value"]) : value;
}

/** A value as policies see it, with what is in secrets. Never print it. */
export function revealed(value: Wire): Wire {
  if (isSecret(value)) return revealed(value["value"] ?? null);
  if (isMap(value)) return changed(value, (_, inner) => revealed(inner));
  if (!isList(value)) return value;
  const items = value.map(revealed);
  return items.every((item, index) => item === value[index]) ? value : items;
}

interface Placeholders {
  readonly secret: (inner: Wire) => Wire;
  readonly unknownUrl: string;
}

function print(value: Wire, placeholders: Placeholders): Wire {
  // The sentinel also occurs inside longer strings: a reference to a provider ends with its id.
  if (typeof value === "string") return value.replaceAll(UNKNOWN, UNKNOWN_SHOWN);
  if (isSecret(value)) return placeholders.secret(value["value"] ?? null);
  if (isMap(value)) {
    if (value[SIGNATURE] === RESOURCE) return print(value["urn"] ?? null, placeholders);
    const shown = (key: string, inner: Wire) =>
      key === "url" && inner === UNKNOWN ? placeholders.unknownUrl : print(inner, placeholders);
    return changed(value, shown);
  }
  if (!isList(value)) return value;
  const items = value.map((item) => print(item, placeholders));
  return items.every((item, index) => item === value[index]) ? value : items;
}

/** The same map where nothing in it changes: most have nothing to hide, and a copy of a thousand services is a hundred megabytes. */
function changed(map: WireMap, change: (key: string, value: Wire) => Wire): WireMap {
  let copy: Record<string, Wire> | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key] as Wire;
    const other = change(key, value);
    if (other !== value) copy ??= { ...map };
    if (copy !== undefined) copy[key] = other;
  }
  return copy ?? map;
}

function withSecretLeaves(value: Wire): Wire {
  if (!isMap(value) || SIGNATURE in value) return SECRET_SHOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecretLeaves(inner)]));
}

/** A value in a secret's wrapping. */
export function asSecret(value: Wire): Wire {
  return { [SIGNATURE]: SECRET, value };
}

export function isSecret(value: Wire | undefined): value is WireMap {
  return isMap(value) && value[SIGNATURE] === SECRET;
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}
