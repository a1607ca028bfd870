import { joinPath, shown } from "../../components/core/problems.ts";
import { reasonFor } from "./reasons.ts";
import { isSecretField } from "./secret-field.ts";

/** A value of the chart that an environment cannot contain. */
export interface LostValue {
  /** Dotted path from the file's name. */
  readonly path: string;
  /** For print; never a value that may be secret. */
  readonly value: string;
  readonly reason: string;
  readonly instead: string;
}

/** A place in the values. */
export type Path = readonly (string | number)[];

/** The values of a file, with a record of what became of each: what nobody takes is lost. */
export class Values {
  private readonly root: string;
  private readonly document: unknown;
  private readonly taken = new Set<string>();
  private readonly lost = new Map<string, LostValue>();

  constructor(root: string, document: unknown) {
    this.root = root;
    this.document = document;
  }

  /** The value at a path; undefined if there is none. It has no record yet. */
  at(path: Path): unknown {
    return path.reduce<unknown>(
      (inner, segment) =>
        inner !== null && typeof inner === "object"
          ? (inner as Record<string | number, unknown>)[segment]
          : undefined,
      this.document,
    );
  }

  /** The values at these paths, and all below, are in the environment, or are what the platform does anyway. */
  take(...paths: readonly Path[]): void {
    for (const path of paths) this.taken.add(keyOf(path));
  }

  /** The value at a path, and all below, is lost for this reason. */
  lose(path: Path, reason: string, instead: string): void {
    this.take(path);
    const name = joinPath(this.root, path);
    if (!this.lost.has(name)) this.lost.set(name, { path: name, value: this.printed(path), reason, instead });
  }

  /** Everything that is lost, with what nobody took. */
  losses(): readonly LostValue[] {
    for (const path of leaves(this.document, [])) {
      if (this.isTaken(path)) continue;
      const { length, reason, instead } = reasonFor(path);
      this.lose(path.slice(0, length), reason, instead);
    }
    return [...this.lost.values()];
  }

  private isTaken(path: Path): boolean {
    return path.some((_, index) => this.taken.has(keyOf(path.slice(0, index + 1))));
  }

  private printed(path: Path): string {
    const value = this.at(path);
    if (Array.isArray(value))
      return value.length === 1 ? "a list of 1 item" : `a list of ${value.length} items`;
    if (value !== null && typeof value === "object") {
      const count = Object.keys(value).length;
      return count === 1 ? "a map of 1 field" : `a map of ${count} fields`;
    }
    return isSecretField(path) ? "a value that is not shown, because it may be a secret" : shown(value);
  }
}

function keyOf(path: Path): string {
  return path.join("\0");
}

/** The paths of all scalars. An empty text, map or list says nothing. */
function leaves(value: unknown, path: Path): Path[] {
  if (value === null || value === undefined || value === "") return [];
  if (typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
