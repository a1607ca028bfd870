/** A value on its own at one path: text, a number, a list of such, or nothing. */
export type Leaves = ReadonlyMap<string, string>;

/** A path whose value is not the same on both sides. */
export interface LeafChange {
  readonly path: string;
  /** Undefined where there was nothing. */
  readonly before: string | undefined;
  /** Undefined where there is nothing any more. */
  readonly after: string | undefined;
}

/** What an item of a list of maps is called by, in the order in which it is asked. */
const NAMES = ["name", "alert", "record", "key", "uid", "title", "sid", "Sid"];

/**
 * Every value of a map by its path, such as `spec.containers[prometheus].image`. The order of keys means nothing. An item of a list has
 * its name in the path if all of the list have different ones, so that an item that is added moves no other. Text that is JSON is read.
 */
export function leavesOf(value: unknown): Leaves {
  const leaves = new Map<string, string>();
  collect(value, "", leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (value === undefined) return;
  const read = typeof value === "string" ? (jsonIn(value) ?? value) : value;
  if (Array.isArray(read) && read.length > 0 && read.some((item) => isMap(item)))
    collectItems(read, path, leaves);
  else if (isMap(read) && Object.keys(read).length > 0)
    for (const [key, inner] of Object.entries(read)) collect(inner, joined(path, key), leaves);
  else leaves.set(path, inWords(read));
}

function collectItems(items: readonly unknown[], path: string, leaves: Map<string, string>): void {
  const name = NAMES.find((key) => {
    const names = items.map((item) => (isMap(item) ? item[key] : undefined));
    return names.every(isShort) && new Set(names).size === names.length;
  });
  for (const [index, item] of items.entries()) {
    const called = name !== undefined && isMap(item) ? String(item[name]) : String(index);
    collect(item, `${path}[${called}]`, leaves);
  }
}

/** A title can be a whole template of a message, which names nothing. */
function isShort(name: unknown): boolean {
  return typeof name === "string" && name.length <= 80 && !name.includes("{{");
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function inWords(value: unknown): string {
  if (value === null) return "nothing";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(inWords).join(", ");
  if (isMap(value)) return "{}";
  return String(value);
}

/** Whether a value is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The paths at which two values differ, in the order of paths. An item of a list that only one side has is one change. */
export function leafChanges(before: Leaves, after: Leaves): readonly LeafChange[] {
  const changes = new Map<string, LeafChange>();
  const items = { before: itemsOf(before), after: itemsOf(after) };
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) continue;
    const alone = itemPathsOf(path).find((item) => !items.before.has(item) || !items.after.has(item));
    const at = alone ?? path;
    const known = changes.get(at);
    changes.set(at, {
      path: at,
      before: together(known?.before, was, at, path),
      after: together(known?.after, is, at, path),
    });
  }
  return [...changes.values()];
}

/** Every item of a list that a value is in, from the outside in. */
function itemPathsOf(path: string): readonly string[] {
  return [...path.matchAll(/\](?=[.[]|$)/g)].map(({ index }) => path.slice(0, index + 1));
}

function itemsOf(leaves: Leaves): ReadonlySet<string> {
  return new Set([...leaves.keys()].flatMap(itemPathsOf));
}

/** The values of one item as one text, each with its name. */
function together(
  known: string | undefined,
  value: string | undefined,
  at: string,
  path: string,
): string | undefined {
  if (value === undefined) return known;
  const named = at === path ? value : `${path.slice(at.length).replace(/^[.]/, "")} ${value}`;
  return known === undefined ? named : `${known}; ${named}`;
}

/** What a list and a map without anything in it are as a value. */
const EMPTY: ReadonlySet<string | undefined> = new Set(["none", "{}"]);

/**
 * The same for settings and definitions, in which an empty list says no more than none: a field that a newer version fills in is no change.
 * Of a Kubernetes object it would be one, since an empty selector selects everything.
 */
export function settingLeafChanges(before: Leaves, after: Leaves): readonly LeafChange[] {
  return leafChanges(before, after).filter(
    ({ before: was, after: is }) =>
      !(was === undefined && EMPTY.has(is)) && !(is === undefined && EMPTY.has(was)),
  );
}

/** The same for two values of any shape. */
export function changesWithin(before: unknown, after: unknown): readonly LeafChange[] {
  return leafChanges(leavesOf(before), leavesOf(after));
}
