import type { Problem } from "../../components/core/problems.ts";
import type { Paint } from "../paint.ts";

/** What a check found. */
export interface Finding {
  /** What was checked, such as `pulumi` or `storage class`. */
  readonly check: string;
  /** `note` is not judged; `unchecked` could not be checked, because something before it is wrong. */
  readonly state: "ok" | "wrong" | "note" | "unchecked";
  /** Fit for print, without any secret. */
  readonly found: string;
  readonly allowed?: string;
  readonly fix?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: "ok", found });
export const note = (check: string, found: string): Finding => ({ check, state: "note", found });
export const unchecked = (check: string, because: string): Finding => ({
  check,
  state: "unchecked",
  found: `not checked: ${because}`,
});
export const wrong = (check: string, { found, allowed, fix }: Omit<Problem, "path">): Finding => ({
  check,
  state: "wrong",
  found,
  allowed,
  fix,
});

/** What problems say of a check, each as a finding. */
export function wrongs(check: string, problems: readonly Problem[]): Finding[] {
  return problems.map(({ path, found, ...rest }) =>
    wrong(check, { found: path === check ? found : `${path}: ${found}`, ...rest }),
  );
}

const LABELS = { ok: "ok", wrong: "wrong", note: "note", unchecked: "-" } as const;

/** The findings as lines: a column of results, one of what was checked, one of what was found; a fix below. */
export function findingLines(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const colour = { ok: paint.green, wrong: paint.red, note: paint.dim, unchecked: paint.dim };
  return findings
    .flatMap(({ check, state, found, allowed, fix }) => [
      `${colour[state](LABELS[state].padEnd(5))}  ${check.padEnd(width)}  ${found}`,
      ...(allowed === undefined ? [] : [`${" ".repeat(width + 9)}allowed  ${allowed}`]),
      ...(fix === undefined ? [] : [`${" ".repeat(width + 9)}fix      ${fix}`]),
    ])
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
