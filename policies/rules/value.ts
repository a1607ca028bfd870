/** A text that is known only after deployment, as Pulumi sends it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * What Pulumi sends, during a preview, in place of a value that exists only after deployment: one word per type. They are
 * part of its wire format, and a test holds them equal to those of @pulumi/policy.
 */
export const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A policy read a value that exists only after deployment. Whoever judges one thing at a time catches it: see violation.ts. */
export class NotYetKnown extends Error {
  override readonly name = "NotYetKnown";
  readonly path: string;

  constructor(path: string) {
    super(`${path || "every property"} is known only after deployment`);
    this.path = path;
  }
}

/** What decides is not among the resources of the stack, such as the pods of a Helm release. Before and after deployment the same. */
export class NotVisible extends Error {
  override readonly name = "NotVisible";
}

/**
 * One property of a resource, with its path. Policies read properties through it and nothing else, because it is what keeps
 * a value that is not known yet from being taken for a word: every reader throws {@link NotYetKnown} for such a value.
 */
export class Value {
  readonly path: string;
  readonly #raw: unknown;

  constructor(raw: unknown, path = "") {
    this.#raw = raw;
    this.path = path;
  }

  /** Whether something stands here. A value that is not known yet does: it will be there. */
  get exists(): boolean {
    return this.#raw !== undefined && this.#raw !== null;
  }

  /** Whether the value itself can be read now. */
  get known(): boolean {
    return !UNKNOWN_VALUES.has(this.#raw);
  }

  /** The property below this one; one that does not exist where any step of the path is missing. */
  at(...names: readonly (string | number)[]): Value {
    let raw = this.#raw;
    let path = this.path;
    for (const name of names) {
      if (UNKNOWN_VALUES.has(raw)) throw new NotYetKnown(path);
      raw = isContainer(raw) ? (raw as Record<string | number, unknown>)[name] : undefined;
      path = typeof name === "number" ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    }
    return new Value(raw, path);
  }

  /** The text; a number in digits; undefined for anything else. */
  text(): string | undefined {
    const raw = this.#read();
    if (typeof raw === "number") return String(raw);
    return typeof raw === "string" ? raw : undefined;
  }

  /** The number; undefined for anything else. */
  number(): number | undefined {
    const raw = this.#read();
    return typeof raw === "number" ? raw : undefined;
  }

  /** Whether the property is exactly this. */
  is(wanted: string | number | boolean): boolean {
    return this.#read() === wanted;
  }

  /** The items of a list, none for anything else. */
  items(): Value[] {
    const raw = this.#read();
    return Array.isArray(raw) ? raw.map((item, index) => new Value(item, `${this.path}[${index}]`)) : [];
  }

  /** The fields of a map, none for anything else. */
  fields(): [string, Value][] {
    const raw = this.#read();
    if (!isContainer(raw) || Array.isArray(raw)) return [];
    return Object.entries(raw).map(([name, value]) => [name, new Value(value, `${this.path}.${name}`)]);
  }

  /** A map of texts, such as labels. What is no text is left out. */
  texts(): Record<string, string> {
    return Object.fromEntries(
      this.fields().flatMap(([name, value]) => {
        const text = value.text();
        return text === undefined ? [] : [[name, text] as const];
      }),
    );
  }

  /** Whether two properties say the same, in whatever order their fields stand. */
  equals(other: Value): boolean {
    return canonical(this) === canonical(other);
  }

  #read(): unknown {
    if (!this.known) throw new NotYetKnown(this.path);
    return this.#raw;
  }

  /** The value as JSON with sorted fields. */
  static canonical(value: Value): string {
    const raw = value.#read();
    if (Array.isArray(raw)) return `[${value.items().map(canonical).join()}]`;
    if (!isContainer(raw)) return JSON.stringify(raw) ?? "";
    const fields = value.fields().sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
  }
}

const canonical = (value: Value): string => Value.canonical(value);

function isContainer(raw: unknown): raw is object {
  return typeof raw === "object" && raw !== null;
}
