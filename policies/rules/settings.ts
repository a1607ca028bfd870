interface Described<Type extends string, Default> {
  readonly type: Type;
  readonly default: Default;
  /** What it sets, with its unit. */
  readonly description: string;
}

/** A setting of a policy: a text, a number, or a list of texts or numbers. */
type Setting =
  | Described<"string", string>
  | Described<"number", number>
  | Described<"strings", readonly string[]>
  | Described<"numbers", readonly number[]>;

export type Settings = Readonly<Record<string, Setting>>;

type ValueOf<One extends Setting> = One extends { readonly type: "string" }
  ? string
  : One extends { readonly type: "number" }
    ? number
    : One extends { readonly type: "strings" }
      ? readonly string[]
      : readonly number[];

/** The values of a policy's settings: those of the pack's configuration where their type is right, else the defaults. */
export function settingsOf<All extends Settings>(
  settings: All,
  context: { readonly settings?: Readonly<Record<string, unknown>> },
): { readonly [Name in keyof All]: ValueOf<All[Name]> } {
  const given = context.settings ?? {};
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      isOfType(setting, given[name]) ? given[name] : setting.default,
    ]),
  ) as { readonly [Name in keyof All]: ValueOf<All[Name]> };
}

function isOfType({ type }: Setting, value: unknown): boolean {
  if (type === "strings" || type === "numbers")
    return Array.isArray(value) && value.every((item) => typeof item === type.slice(0, -1));
  return typeof value === type;
}
