/** One mistake in what a user wrote: where it stands, what stands there, what may stand there, and what to do. */
export interface Problem {
  /** Dotted path from the root of the input, such as `environment.cluster.endpoint.allowedCidrs[0]`. */
  readonly path: string;
  /** What was found, already fit for print: see {@link shown}. Never the value of a secret. */
  readonly found: string;
  /** What would have been accepted, as a phrase that continues "allowed is …". */
  readonly allowed: string;
  /** What to do, as an imperative sentence without its full stop. */
  readonly fix: string;
}

/** The user's input is wrong. Carries every problem at once; its message lists them all and needs no stack trace. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";
  readonly problems: readonly Problem[];
  /**
   * What Pulumi knows its own RunError by: it shows the message of one alone. Without it, a refusal in a program of a team would end
   * in a stack trace. Named here and not inherited, as nothing pure loads Pulumi.
   */
  readonly __pulumiRunError = true;

  constructor(subject: string, problems: readonly Problem[]) {
    super(formatProblems(subject, problems));
    this.problems = problems;
    // The trace says where the definition was checked, which is nobody's mistake.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** The problems as text: a headline, then for each problem its path, what was found, what is allowed and the fix. */
export function formatProblems(subject: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(
    ({ path, found, allowed, fix }) =>
      `  ${path}\n    found    ${found}\n    allowed  ${allowed}\n    fix      ${fix}`,
  );
  return [`${subject}: ${count}`, ...lines].join("\n");
}

const LONGEST_SHOWN = 80;

/** A value as a message may show it: JSON on one line, cut at 80 characters, `nothing` where there is none. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
  return json.length > LONGEST_SHOWN ? `${json.slice(0, LONGEST_SHOWN - 1)}…` : json;
}

/** Joins a path's segments: names with dots, indices in brackets, names that are no identifiers in quotes. */
export function joinPath(root: string, segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    const name = String(segment);
    if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === "" ? name : `${path}.${name}`;
  }, root);
}

/** Entries of a list that an earlier one already names. `path` is that of the list. */
export function repeatedEntries(values: readonly string[], path: string): Problem[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (first === index) return [];
    return [
      {
        path: joinPath(path, [index]),
        found: `${shown(value)}, which entry ${first} already names`,
        allowed: "each entry once",
        fix: "remove it",
      },
    ];
  });
}
