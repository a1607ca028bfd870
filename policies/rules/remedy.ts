import { NotVisible, NotYetKnown } from "./value.ts";

/** A field that a policy would set where the program leaves it out. What a program states is never changed. */
export interface Remedy {
  /** The path of the field, from the properties of the resource. */
  readonly path: readonly (string | number)[];
  readonly value: string | boolean;
}

/** The steps of the path of a value below fields without dots in their names, such as `spec.containers[0].name`. */
export function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** The remedies of things of which each is judged on its own: where a value is known only after deployment, there is none. */
export function remediesOf<Item>(
  items: readonly Item[],
  remedy: (item: Item) => Remedy | undefined,
): readonly Remedy[] {
  return items.flatMap((item) => {
    try {
      return remedy(item) ?? [];
    } catch (error) {
      if (error instanceof NotYetKnown || error instanceof NotVisible) return [];
      throw error;
    }
  });
}

/**
 * The properties with the fields of remedies set. Left as they are: fields that exist, fields below something that is no map or list,
 * such as a value that is known only after deployment, and fields below a secret, which `isOpaque` recognizes.
 */
export function withRemedies(
  properties: object,
  remedies: readonly Remedy[],
  isOpaque: (value: unknown) => boolean,
): object {
  return remedies.reduce((whole, { path, value }) => set(whole, path, value, isOpaque) as object, properties);
}

function set(
  node: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: string | boolean,
  isOpaque: (value: unknown) => boolean,
): unknown {
  if (step === undefined) return node ?? value;
  if (isOpaque(node)) return node;
  if (Array.isArray(node))
    return node.map((item: unknown, index) => (index === step ? set(item, rest, value, isOpaque) : item));
  if (node !== undefined && node !== null && typeof node !== "object") return node;
  const map = (node ?? {}) as Readonly<Record<string, unknown>>;
  return { ...map, [step]: set(map[step], rest, value, isOpaque) };
}
