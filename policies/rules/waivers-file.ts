import { readFileSync } from "node:fs";
import { shownPath } from "../../components/core/call-site.ts";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest, type Validated } from "../../components/core/validation.ts";
import { type KindOfFile, lineOf, located, parseYaml } from "../../components/core/yaml.ts";
import { type Exclusion, validateExclusions } from "../../components/grafana/lint/exclusions.ts";
import { type Snooze, validateSnoozes } from "../../components/lint/snooze.ts";
import { tooFarAway, validateWaivers, type Waiver, type WaiverContext } from "./waiver.ts";
import { WAIVERS_VARIABLE } from "./waivers-variable.ts";

// waivers.yaml: every finding that somebody answers for, until a day.

/** Everything that somebody answers for. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  /** Findings of the rule linter. */
  readonly snoozes: readonly Snooze[];
  /** Findings on dashboards. */
  readonly exclusions: readonly Exclusion[];
}

export const NO_WAIVERS: Waivers = { waivers: [], snoozes: [], exclusions: [] };

const SECTIONS = ["waivers", "snoozes", "exclusions"] as const;

const FILE: KindOfFile = {
  holds: "a map with waivers, and it may have snoozes and exclusions",
  fill: "write waivers: [] into it, or remove the file",
};

/** Reads a file of waivers. Throws an InvalidInputError that lists every mistake in it, with its line, or says why it cannot be read. */
export function readWaivers(path: string, context: WaiverContext): Waivers {
  const text = textOf(path);
  const parsed = text.ok ? parseYaml(text.value, shownPath(path), FILE) : text;
  if (!parsed.ok) throw new InvalidInputError(shownPath(path), parsed.problems);
  const validated = validateWaiversFile(parsed.value.value, context);
  if (!validated.ok)
    throw new InvalidInputError(
      shownPath(path),
      validated.problems.map((problem) => located(problem, parsed.value)),
    );
  return validated.value;
}

/**
 * The waivers that a policy pack is run with: those of the file that {@link WAIVERS_VARIABLE} names, none without one. Throws an
 * InvalidInputError as {@link readWaivers} does, and for a path that is not absolute.
 */
export function waiversOf(
  variables: Readonly<Record<string, string | undefined>>,
  context: WaiverContext,
): Waivers {
  const path = variables[WAIVERS_VARIABLE];
  if (path === undefined || path === "") return NO_WAIVERS;
  // A drive's letter begins one on Windows.
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(path)) return readWaivers(path, context);
  throw new InvalidInputError("environment variables", [
    {
      path: WAIVERS_VARIABLE,
      found: shown(path),
      allowed: "an absolute path, because the engine starts a policy pack in the pack's folder",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell puts its folder in.
      fix: "write the whole path, such as ${PWD}/stacks/waivers.yaml",
    },
  ]);
}

/** The waivers of a pack of somebody's own, as a file would hold them. Throws an InvalidInputError that lists every mistake in them. */
export function givenWaivers(given: unknown, context: WaiverContext): Waivers {
  const validated = validateWaiversFile(given, context);
  if (!validated.ok) throw new InvalidInputError("the waivers of the policy pack", validated.problems);
  return validated.value;
}

/** What a file of waivers holds, as data, or every mistake in it. */
function validateWaiversFile(raw: unknown, context: WaiverContext): Validated<Waivers> {
  if (!isMap(raw))
    return {
      ok: false,
      problems: [{ path: "waivers", found: shown(raw), allowed: FILE.holds, fix: "write waivers: [] first" }],
    };
  const unknown = Object.keys(raw).filter((key) => !(SECTIONS as readonly string[]).includes(key));
  const waivers = validateWaivers(raw["waivers"] ?? [], context);
  const snoozes = validateSnoozes(raw["snoozes"] ?? []);
  const exclusions = validateExclusions(raw["exclusions"] ?? []);
  if (waivers.ok && snoozes.ok && exclusions.ok) {
    const value = { waivers: waivers.value, snoozes: snoozes.value, exclusions: exclusions.value };
    const problems = [
      ...unknown.map(unknownSection),
      ...value.snoozes.flatMap((one, index) => tooFarAway(one, `snoozes[${index}]`, context.today)),
      ...value.exclusions.flatMap((one, index) => tooFarAway(one, `exclusions[${index}]`, context.today)),
    ];
    return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
  }
  const problems = [waivers, snoozes, exclusions].flatMap((each) => (each.ok ? [] : each.problems));
  return { ok: false, problems: [...unknown.map(unknownSection), ...problems] };
}

function unknownSection(key: string): Problem {
  const near = nearest(key, SECTIONS);
  return {
    path: key,
    found: `the unknown field ${shown(key)}`,
    allowed: `the fields ${SECTIONS.join(", ")}`,
    fix: near === undefined ? "remove it" : `rename it to ${near}`,
  };
}

function textOf(path: string): Validated<string> {
  try {
    return { ok: true, value: readFileSync(path, "utf8") };
  } catch (error) {
    const problem = {
      path: shownPath(path),
      found: `no file that can be read (${(error as NodeJS.ErrnoException).code})`,
      allowed: "a file of waivers",
      fix: `write it, or unset ${WAIVERS_VARIABLE} if it names the file`,
    };
    return { ok: false, problems: [problem] };
  }
}

/** The line of the first waiver, snooze or exclusion in a text of a file that a condition holds of. */
export function lineOfEntry(
  text: string,
  path: string,
  holds: (entry: Partial<Waiver>) => boolean,
): number | undefined {
  const parsed = parseYaml(text, path, FILE);
  if (!parsed.ok) return undefined;
  const { value } = parsed.value;
  for (const section of SECTIONS) {
    const entries = isMap(value) ? value[section] : undefined;
    const index = Array.isArray(entries) ? entries.findIndex((entry) => isMap(entry) && holds(entry)) : -1;
    if (index >= 0) return lineOf(parsed.value, [section, index]);
  }
  return undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
