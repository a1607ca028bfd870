import { z } from "zod";
import { InvalidInputError, type Problem, shown } from "../core/problems.ts";
import { dnsLabel, text } from "../core/schema.ts";
import { type Validated, validate } from "../core/validation.ts";
import { CHECK_IDS } from "./findings.ts";

export const snoozeSchema = z.strictObject({
  check: text(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "the id of a check, such as rate-window"),
  rule: text(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "the name of an alert, or of the series that a rule records"),
  reason: text(/^\S.{18,298}\S$/, "one line of 20 to 300 characters that says why"),
  owner: dnsLabel(),
  expires: z.iso.date({ error: "a day that exists, such as 2027-03-31" }),
});

/** A finding that somebody answers for, until a day. */
export type Snooze = Readonly<z.output<typeof snoozeSchema>>;

/** The snoozes, or every mistake in them: in shape, in a check that does not exist, in one that says the same twice. */
export function validateSnoozes(snoozes: unknown): Validated<readonly Snooze[]> {
  const shape = validate(z.array(snoozeSchema, { error: "a list of snoozes" }), snoozes, "snoozes");
  if (!shape.ok) return shape;
  const problems = shape.value.flatMap((snooze, index) => rulesBetween(snooze, index, shape.value));
  return problems.length === 0 ? shape : { ok: false, problems };
}

/** The snoozes of a file. Throws an InvalidInputError that lists every mistake in them. */
export function checkedSnoozes(snoozes: readonly unknown[], file: string): readonly Snooze[] {
  const validated = validateSnoozes(snoozes);
  if (!validated.ok) throw new InvalidInputError(file, validated.problems);
  return validated.value;
}

function rulesBetween({ check, rule }: Snooze, index: number, all: readonly Snooze[]): Problem[] {
  const problems: Problem[] = [];
  if (!CHECK_IDS.includes(check))
    problems.push({
      path: `snoozes[${index}].check`,
      found: shown(check),
      allowed: "the id of a check, as docs/how-to/lint-rules.md lists them",
      fix: "correct the id, or remove the snooze if its check is gone",
    });
  const first = all.findIndex((other) => other.check === check && other.rule === rule);
  if (first < index)
    problems.push({
      path: `snoozes[${index}]`,
      found: `the same check and rule as snoozes[${first}]`,
      allowed: "one snooze for each",
      fix: "keep one of the two",
    });
  return problems;
}
