import { joinPath, shown } from "../core/problems.ts";
import { LOSSES, type Loss, type LossKind } from "./losses.ts";

/** A place in a document. */
export type Path = readonly (string | number)[];

/**
 * Records for each field of one document whether it was converted or lost. A field without a record is lost too, so that every
 * loss is reported.
 */
export class Ledger {
  readonly root: string;
  private readonly document: unknown;
  private readonly entered = new Set<string>();
  private readonly found = new Map<string, { readonly at: Path; readonly loss: Loss }>();

  constructor(root: string, document: unknown) {
    this.root = root;
    this.document = document;
  }

  /** The values at these paths, and all below, are converted. */
  carried(...paths: readonly Path[]): void {
    for (const path of paths) this.entered.add(keyOf(path));
  }

  /** The values at these paths, and all below, belong to a value that is already recorded as lost. */
  covered(...paths: readonly Path[]): void {
    this.carried(...paths);
  }

  /** The value at a path, and all below, is lost. Pass `value` to print another text than the value. */
  lost(path: Path, kind: LossKind, value = shown(at(this.document, path))): void {
    this.entered.add(keyOf(path));
    const loss = { kind, path: joinPath(this.root, path), value, ...textsOf(kind) };
    // Two objectives may refer to one indicator: its loss is reported once.
    const key = `${kind} ${loss.path}`;
    if (!this.found.has(key)) this.found.set(key, { at: path, loss });
  }

  /** Records each value of a map as lost, except for those that have a record. */
  lostEach(path: Path, kind: LossKind): void {
    const map = at(this.document, path);
    if (map === null || typeof map !== "object") return;
    for (const name of Object.keys(map)) {
      const entry = [...path, name];
      if (!this.entered.has(keyOf(entry))) this.lost(entry, kind);
    }
  }

  /** Every loss in the order of the document. A field without a record is an unknown field. */
  losses(): readonly Loss[] {
    const all = leaves(this.document, []);
    for (const path of all) if (!this.isEntered(path)) this.lost(path, "unknown-field");
    const places = new Map<string, number>();
    for (const [index, path] of all.entries())
      for (const key of keysAlong(path)) if (!places.has(key)) places.set(key, index);
    // A default is not in the document: its loss comes last.
    const place = (lost: Path) => places.get(keyOf(lost)) ?? all.length;
    return [...this.found.values()]
      .map(({ at: path, loss }) => ({ loss, place: place(path) }))
      .sort((a, b) => a.place - b.place)
      .map(({ loss }) => loss);
  }

  /** Whether the value at a path has a record, its own or one of a value that contains it. */
  isEntered(path: Path): boolean {
    return keysAlong(path).some((key) => this.entered.has(key));
  }
}

function textsOf(kind: LossKind): Pick<Loss, "reason" | "instead"> {
  const { reason, instead } = LOSSES[kind];
  return { reason, instead };
}

/** A path as one text. No name in a document contains the separator. */
function keyOf(path: Path): string {
  return path.reduce<string>((key, segment) => `${key}\0${segment}`, "");
}

/** The keys of a path and of all paths that contain it, the whole document first. */
function keysAlong(path: Path): readonly string[] {
  const keys = [""];
  for (const segment of path) keys.push(`${keys.at(-1)}\0${segment}`);
  return keys;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, segment) =>
      inner !== null && typeof inner === "object"
        ? (inner as Record<string | number, unknown>)[segment]
        : undefined,
    value,
  );
}

/** The paths of all scalar values. An empty map or list contains nothing that could be lost. */
function leaves(value: unknown, path: Path): Path[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
