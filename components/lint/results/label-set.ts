/** Labels that series can have: these at most, or any but these. */
export interface Labels {
  readonly mode: "only" | "all-but";
  readonly names: ReadonlySet<string>;
}

export const NONE: Labels = { mode: "only", names: new Set() };

/** Whether a series may have a label. */
export function has({ mode, names }: Labels, label: string): boolean {
  return names.has(label) === (mode === "only");
}

export function only(names: readonly string[]): Labels {
  return { mode: "only", names: new Set(names) };
}

function allBut(names: Iterable<string>): Labels {
  return { mode: "all-but", names: new Set(names) };
}

export function without({ mode, names }: Labels, removed: readonly string[]): Labels {
  if (mode === "all-but") return allBut([...names, ...removed]);
  return only([...names].filter((name) => !removed.includes(name)));
}

export function withAdded({ mode, names }: Labels, added: readonly string[]): Labels {
  if (mode === "only") return only([...names, ...added]);
  return allBut([...names].filter((name) => !added.includes(name)));
}

/** The labels that both may have. */
export function inBoth(left: Labels, right: Labels): Labels {
  if (left.mode === "only") return only([...left.names].filter((name) => has(right, name)));
  if (right.mode === "only") return inBoth(right, left);
  return allBut([...left.names, ...right.names]);
}

/** The labels that one of the two may have. */
export function inEither(left: Labels, right: Labels): Labels {
  if (left.mode === "all-but") return allBut([...left.names].filter((name) => !has(right, name)));
  if (right.mode === "all-but") return inEither(right, left);
  return only([...left.names, ...right.names]);
}
