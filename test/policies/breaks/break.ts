import { type FixtureStack, type Path, without, withProperty } from "../compliant-stack/fixture.ts";
import { compliantStack } from "../compliant-stack/index.ts";

/** One way to break the compliant stack, and the one thing that a policy must then say. */
export interface Break {
  readonly policy: string;
  /** Continues "it is caught when …". */
  readonly when: string;
  readonly stack: FixtureStack;
  /** The logical name of the resource that the violation is about. */
  readonly at: string;
  readonly says: string;
}

export function set(
  policy: string,
  when: string,
  name: string,
  path: Path,
  value: unknown,
  says: string,
  at = name,
): Break {
  return { policy, when, stack: withProperty(compliantStack(), name, path, value), at, says };
}

export function removed(
  policy: string,
  when: string,
  names: readonly string[],
  at: string,
  says: string,
): Break {
  return { policy, when, stack: without(compliantStack(), ...names), at, says };
}
