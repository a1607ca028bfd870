import { createHash } from "node:crypto";
import { isSecret, secretLike } from "../simulator.ts";

/** What is kept instead of a secret: enough to see that it changed. */
interface Digest {
  readonly sha256: string;
}

/** Every field of an object's inputs by its path, such as `.spec.replicas`. A list is one field. Of a secret it has a digest. */
export function fieldsOf(inputs: unknown, path = ""): Record<string, unknown> {
  if (!isBranch(inputs)) return { [path]: keptOf(inputs) };
  return Object.assign({}, ...branchesOf(inputs, path).map(([at, value]) => fieldsOf(value, at)));
}

/**
 * The inputs as they are now: what the engine knows of an object, without what nobody asked for, and with the kept value of
 * each field. Undefined when nothing of it was asked for.
 */
export function inputsAsTheyAre(
  known: unknown,
  asked: ReadonlySet<string>,
  fields: Readonly<Record<string, unknown>>,
  path = "",
): unknown {
  if (asked.has(path)) return path in fields ? revived(known, fields[path]) : undefined;
  if (!isBranch(known)) return undefined;
  const entries = Object.keys(known).map((key, index) => {
    const [at = ""] = branchesOf(known, path)[index] ?? [];
    return [key, inputsAsTheyAre(known[key], asked, fields, at)] as const;
  });
  const present = entries.filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

function branchesOf(node: Readonly<Record<string, unknown>>, path: string): (readonly [string, unknown])[] {
  return Object.entries(node).map(([key, value]) => [
    /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
    value,
  ]);
}

function isBranch(node: unknown): node is Record<string, unknown> {
  const isObject = typeof node === "object" && node !== null && !Array.isArray(node);
  return isObject && !isSecret(node) && Object.keys(node).length > 0;
}

function keptOf(value: unknown): unknown {
  return hasSecret(value) ? digestOf(value) : value;
}

function revived(known: unknown, kept: unknown): unknown {
  if (!isDigest(kept)) return kept;
  return digestOf(known).sha256 === kept.sha256 ? known : secretLike(known, "changed");
}

function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

function isDigest(value: unknown): value is Digest {
  return typeof value === "object" && value !== null && "sha256" in value;
}

function digestOf(value: unknown): Digest {
  return { sha256: createHash("sha256").update(JSON.stringify(value)).digest("hex") };
}
