import { createInterface } from "node:readline/promises";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import type { ServiceDefinition } from "../../components/service/model.ts";
import { type SetValues, setValues, treeOf } from "./fields.ts";
import { fromExposition } from "./from.ts";
import { commonQuestions, kindQuestions, type Question } from "./questions.ts";

/** Where answers come from: flags first, then a person, if there is one. */
export interface Answers {
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Fields of the kind, as `port=http`. */
  readonly set: readonly string[];
  /** Undefined where there is no terminal. */
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

/** What the command line says, completed by what the service exposes; a flag comes before that. */
export async function completed(
  { from, ...given }: GivenAnswers & { readonly from?: string },
  output: NodeJS.WritableStream,
): Promise<GivenAnswers> {
  if (from === undefined) return given;
  const { kind, set, text } = await fromExposition(from);
  output.write(text);
  const named = new Set((given.set ?? []).map((entry) => entry.split("=", 1)[0]));
  const found = set.filter((entry) => !named.has(entry.split("=", 1)[0]));
  return given.kind !== undefined && given.kind !== kind
    ? given
    : { ...given, kind, set: [...found, ...(given.set ?? [])] };
}

/** Answers from the command line, and from the terminal if there is one. */
export function answersFor(
  name: string | undefined,
  { set = [], ...flags }: GivenAnswers,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream,
): { readonly answers: Answers; readonly close: () => void } {
  const terminal = input.isTTY === true ? terminalAnswers(input, output) : undefined;
  return {
    answers: { flags: { ...flags, ...(name !== undefined && { name }) }, set, ask: terminal?.ask },
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
    ask: async (question) => {
      for (;;) {
        const given = (await terminal.question(prompt(question))).trim();
        const answer = given === "" ? (question.fallback ?? "") : given;
        const allowed = question.mistake(answer);
        if (allowed === undefined) return answer;
        output.write(`  ${shown(answer)} is not allowed: ${allowed}\n`);
      }
    },
  };
}

function prompt({ text, choices, fallback }: Question): string {
  const options = choices === undefined ? "" : ` (${choices.join(", ")})`;
  const otherwise = fallback === undefined ? "" : ` [${fallback}]`;
  return `${text}${options}${otherwise}: `;
}

/**
 * A definition from flags and answers. Throws an InvalidInputError that lists every flag that is wrong, and those that are missing
 * where no terminal can be asked.
 */
export async function interview(
  answers: Answers,
  known: { readonly teams: readonly string[]; readonly taken: readonly string[] },
): Promise<ServiceDefinition> {
  const problems: Problem[] = [];
  const common = await answered(commonQuestions(known.teams, known.taken), answers, problems, flagOf);
  const { kind = "", ...rest } = Object.fromEntries(common) as Readonly<Record<string, string>>;
  const ofKind = kind === "" ? new Map() : await answersOfKind(kind, answers, problems);
  if (problems.length > 0) throw new InvalidInputError("new-service", problems);
  const { objectives, ...section } = treeOf(ofKind);
  return {
    ...rest,
    [kind]: section,
    ...(objectives !== undefined && { objectives }),
  } as unknown as ServiceDefinition;
}

/** The fields of a kind: what is set, and then what must be there too. */
async function answersOfKind(kind: string, { set, ask }: Answers, problems: Problem[]): Promise<SetValues> {
  const given = setValues(set, kind);
  problems.push(...given.problems);
  // A field with a wrong value is no missing one.
  const named = new Set(set.map((entry) => entry.split("=", 1)[0] ?? entry));
  const missing = await answered(
    kindQuestions(kind, named),
    { flags: {}, set: [], ask },
    problems,
    (field) => `--set ${field}=<value>`,
  );
  return new Map([...given.values, ...missing]);
}

async function answered(
  questions: readonly Question[],
  answers: Answers,
  problems: Problem[],
  flag: (field: string) => string,
): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const question of questions) {
    const answer = await answerTo(question, answers);
    const allowed = question.mistake(answer ?? "");
    if (answer !== undefined && allowed === undefined)
      found.set(question.field, question.value?.(answer) ?? answer);
    else problems.push(answerProblem(flag(question.field), answer, allowed, question));
  }
  return found;
}

async function answerTo(question: Question, { flags, ask }: Answers): Promise<string | undefined> {
  const given = flags[question.field];
  if (given !== undefined) return given;
  return ask === undefined ? question.fallback : ask(question);
}

function answerProblem(
  path: string,
  answer: string | undefined,
  allowed: string | undefined,
  { choices = [] }: Question,
): Problem {
  const problem = { path, found: shown(answer), allowed: allowed ?? "an answer" };
  if (answer === undefined) return { ...problem, fix: `add ${path}` };
  const near = nearest(answer, choices);
  return { ...problem, fix: near === undefined ? "correct it" : `write ${near}` };
}

function flagOf(field: string): string {
  return field === "name" ? "<name>" : `--${field} <${field}>`;
}
