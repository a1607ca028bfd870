import { UnknownConstruct } from "./tokens.ts";

/** What a template computes with. */
export type Value = string | number | boolean | List | KeyValues | Struct;

export type Method = (...values: readonly Value[]) => Value;

export class List {
  readonly items: readonly Value[];
  readonly methods: Readonly<Record<string, Method>>;

  constructor(items: readonly Value[], methods: Readonly<Record<string, Method>> = {}) {
    this.items = items;
    this.methods = methods;
  }
}

/** Labels or annotations: a key that is missing is an empty text. */
export class KeyValues {
  readonly entries: Readonly<Record<string, string>>;

  constructor(entries: Readonly<Record<string, string>>) {
    this.entries = entries;
  }

  /** Sorted by name, but `alertname` first. */
  sortedPairs(): List {
    const names = Object.keys(this.entries).sort();
    const ordered = [
      ...names.filter((name) => name === "alertname"),
      ...names.filter((name) => name !== "alertname"),
    ];
    return new List(ordered.map((name) => new Struct({ Name: name, Value: this.entries[name] ?? "" })));
  }
}

export class Struct {
  readonly members: Readonly<Record<string, Value | Method>>;

  constructor(members: Readonly<Record<string, Value | Method>>) {
    this.members = members;
  }
}

/** Methods of labels and annotations in Go, which come before a key of the same name. */
const METHODS_OF_KEY_VALUES = new Set(["SortedPairs", "Remove", "Names", "Values", "String"]);

/** A field of a value, or what its method returns. */
export function memberOf(value: Value, name: string, args: readonly Value[]): Value {
  const found = find(value, name);
  if (found === undefined) throw new UnknownConstruct(`.${name} is no field or method that is known`);
  if (typeof found === "function") return found(...args);
  if (args.length > 0) throw new UnknownConstruct(`.${name} takes no arguments`);
  return found;
}

function find(value: Value, name: string): Value | Method | undefined {
  if (value instanceof Struct) return Object.hasOwn(value.members, name) ? value.members[name] : undefined;
  if (value instanceof List) return Object.hasOwn(value.methods, name) ? value.methods[name] : undefined;
  if (!(value instanceof KeyValues)) return undefined;
  if (name === "SortedPairs") return () => value.sortedPairs();
  if (METHODS_OF_KEY_VALUES.has(name)) return undefined;
  return Object.hasOwn(value.entries, name) ? value.entries[name] : "";
}

/** Whether `if` and `with` take a value for true. */
export function isTrue(value: Value): boolean {
  if (value instanceof List) return value.items.length > 0;
  if (value instanceof KeyValues) return Object.keys(value.entries).length > 0;
  return value instanceof Struct || Boolean(value);
}

/** A value as an action prints it. */
export function printed(value: Value): string {
  if (typeof value === "object")
    throw new UnknownConstruct("an action prints something else than a text or number");
  return String(value);
}
