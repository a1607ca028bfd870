import { changed, replacedBy, without } from "../fields.ts";
import { samples } from "../samples.ts";

type Path = readonly (string | number)[];

/** Values of several fields, each right by itself, that do not agree. */
export interface Disagreement {
  /** The rule of stacks/rules.ts that must catch it. */
  readonly rule: string;
  readonly says: string;
  /** The sample that is changed. */
  readonly sample: string;
  readonly changes: readonly (readonly [path: Path, value: unknown])[];
  /** Where the problem must stand. */
  readonly at: string;
}

export const receivers = ["alertmanager", "receivers"];

export function one(
  rule: string,
  says: string,
  sample: string,
  path: Path,
  value: unknown,
  at = path.join("."),
): Disagreement {
  return { rule, says, sample, changes: [[path, value]], at: `environment.${at}` };
}

/** The changed sample, with `undefined` as the absence of a field. */
export function disagreeing({ sample, changes }: Disagreement): unknown {
  return changes.reduce<unknown>(
    (tree, [path, value]) => changed(tree, path, value === undefined ? without : replacedBy(value)),
    samples()[sample],
  );
}
