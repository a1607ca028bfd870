import { createInterface } from "node:readline/promises";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import type { ServiceDefinition } from "../../components/service/model.ts";
import { commonQuestions, kindQuestions, type Question } from "./questions.ts";

/** Where answers come from: flags first, then a person, if there is one. */
export interface Answers {
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Undefined where nobody sits at a terminal. */
  readonly ask: ((question: Question) => Promise<string>) | undefined;
}

/** What the command line says: fields of the kind as `port=http`. */
interface GivenAnswers {
  readonly owner?: string;
  readonly tier?: string;
  readonly description?: string;
  readonly namespace?: string;
  readonly kind?: string;
  readonly set?: readonly string[];
}

/** Answers from the command line, and from whoever sits at the terminal. */
export function answersFor(
  name: string | undefined,
  { set = [], ...flags }: GivenAnswers,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream,
): { readonly answers: Answers; readonly close: () => void } {
  const given = Object.fromEntries(
    set.map((field) => [field.split("=", 1)[0] ?? field, field.slice(field.indexOf("=") + 1)]),
  );
  const terminal = input.isTTY === true ? terminalAnswers(input, output) : undefined;
  return {
    answers: { flags: { ...flags, ...given, ...(name !== undefined && { name }) }, ask: terminal?.ask },
    close: () => terminal?.close(),
  };
}

/** Asks at the terminal, again until the answer is one. */
export function terminalAnswers(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): { readonly ask: NonNullable<Answers["ask"]>; readonly close: () => void } {
  const terminal = createInterface({ input, output });
  return {
    close: () => terminal.close(),
    ask: async ({ text, choices, fallback, mistake }) => {
      for (;;) {
        const options = choices === undefined ? "" : ` (${choices.join(", ")})`;
        const given = (
          await terminal.question(`${text}${options}${fallback ? ` [${fallback}]` : ""}: `)
        ).trim();
        const answer = given === "" ? (fallback ?? "") : given;
        const allowed = mistake(answer);
        if (allowed === undefined) return answer;
        output.write(`  ${shown(answer)} is not allowed: ${allowed}\n`);
      }
    },
  };
}

/**
 * A definition from flags and answers. Throws an InvalidInputError that lists every flag that is wrong, and those that are missing
 * where nobody can be asked.
 */
export async function interview(
  answers: Answers,
  known: { readonly teams: readonly string[]; readonly taken: readonly string[] },
): Promise<ServiceDefinition> {
  const problems: Problem[] = [];
  const common = await answered(commonQuestions(known.teams, known.taken), answers, problems, flagOf);
  const { kind = "", ...rest } = common;
  const ofKind = await answered(kindQuestions(kind), answers, problems, (field) => `--set ${field}=<value>`);
  if (problems.length > 0) throw new InvalidInputError("new-service", problems);
  return { ...rest, [kind]: ofKind } as unknown as ServiceDefinition;
}

async function answered(
  questions: readonly Question[],
  { flags, ask }: Answers,
  problems: Problem[],
  flag: (field: string) => string,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const question of questions) {
    const { field, fallback, mistake, choices = [] } = question;
    const given = flags[field] ?? (ask === undefined ? fallback : undefined);
    const answer = given ?? (ask === undefined ? undefined : await ask(question));
    const allowed = mistake(answer ?? "");
    if (answer !== undefined && allowed === undefined) found[field] = answer;
    else {
      const near = answer === undefined ? undefined : nearest(answer, choices);
      problems.push({
        path: flag(field),
        found: shown(answer),
        allowed: allowed ?? "an answer",
        fix:
          answer === undefined ? `add ${flag(field)}` : near === undefined ? "correct it" : `write ${near}`,
      });
    }
  }
  return found;
}

function flagOf(field: string): string {
  return field === "name" ? "<name>" : `--${field} <${field}>`;
}
