import type { Problem } from "../components/core/problems.ts";
import { ROOT } from "./rules/rule.ts";

/** A field of an environment that has a new name. The old name continues to work until a version. */
export interface RenamedField {
  /** The section of the environment that contains the field. */
  readonly section: string;
  readonly oldName: string;
  readonly newName: string;
  /** The version of Bellwether in which the old name stops working. */
  readonly removedIn: string;
}

export const RENAMED_FIELDS: readonly RenamedField[] = [
  { section: "prometheus", oldName: "entrance", newName: "ingress", removedIn: "0.3.0" },
  { section: "grafana", oldName: "entrance", newName: "networkAccess", removedIn: "0.3.0" },
  { section: "prometheus", oldName: "remoteWrite", newName: "store", removedIn: "0.3.0" },
];

/** What is left to do for whoever uses an old name, as one sentence. */
export function renamingNotice({ section, oldName, newName, removedIn }: RenamedField): string {
  return `${ROOT}.${section}.${oldName} has the new name ${ROOT}.${section}.${newName}. The old name stops working in version ${removedIn}. Rename it in the file.`;
}

/** The fields whose old names an environment uses. `raw` is what the file contains, unchecked. */
export function renamedFieldsIn(raw: unknown): readonly RenamedField[] {
  return RENAMED_FIELDS.filter(({ section, oldName }) => {
    const fields = sectionOf(raw, section);
    return fields !== undefined && oldName in fields;
  });
}

/** The same environment with the new names. A field with both names keeps the new one; {@link bothNamesProblems} reports it. */
export function withNewNames(raw: unknown): unknown {
  return renamedFieldsIn(raw).reduce<unknown>((environment, { section, oldName, newName }) => {
    const { [oldName]: value, ...others } = sectionOf(environment, section) ?? {};
    return { ...(environment as Fields), [section]: { [newName]: value, ...others } };
  }, raw);
}

/** A problem for each field that has both its old and its new name. */
export function bothNamesProblems(raw: unknown): readonly Problem[] {
  return renamedFieldsIn(raw)
    .filter(({ section, newName }) => newName in (sectionOf(raw, section) ?? {}))
    .map(({ section, oldName, newName }) => ({
      path: `${ROOT}.${section}.${oldName}`,
      found: `both ${oldName} and ${newName}, which is its new name`,
      allowed: "one of them",
      fix: `keep ${newName} and remove ${oldName}`,
    }));
}

/** The problem with the path as the file has it: with the old name, if the file uses it. */
export function withNamesOfFile(problem: Problem, renamed: readonly RenamedField[]): Problem {
  const field = renamed.find(({ section, newName }) => {
    const path = `${ROOT}.${section}.${newName}`;
    return (
      problem.path === path ||
      (/^[.[]/.test(problem.path.slice(path.length)) && problem.path.startsWith(path))
    );
  });
  if (field === undefined) return problem;
  const { section, oldName, newName } = field;
  const rest = problem.path.slice(`${ROOT}.${section}.${newName}`.length);
  return { ...problem, path: `${ROOT}.${section}.${oldName}${rest}` };
}

type Fields = Readonly<Record<string, unknown>>;

function sectionOf(environment: unknown, section: string): Fields | undefined {
  const fields = isMap(environment) ? environment[section] : undefined;
  return isMap(fields) ? fields : undefined;
}

function isMap(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
