import { shown } from "../../components/core/problems.ts";
import { SERVICE_TIERS, serviceSchema } from "../../components/service/model.ts";
import { choicesOf, fieldValue, KINDS, mistakeOf, requiredFields } from "./fields.ts";

/** One thing that a definition needs to say. */
export interface Question {
  /** The flag that answers it, such as `owner`, or a field of the kind. */
  readonly field: string;
  readonly text: string;
  /** The answers that there are, where they can be listed. */
  readonly choices?: readonly string[];
  /** What is taken where nothing is answered. */
  readonly fallback?: string;
  /** The value that an answer means. Default: the answer. */
  readonly value?: (answer: string) => unknown;
  /** What is allowed, where the answer is not. */
  readonly mistake: (answer: string) => string | undefined;
}

/** What every definition says. */
export function commonQuestions(teams: readonly string[], taken: readonly string[]): readonly Question[] {
  const { name, owner, tier, description, namespace } = serviceSchema.shape;
  return [
    {
      field: "name",
      text: "Name of the service, the value of its label `service`",
      mistake: (answer) =>
        taken.includes(answer)
          ? `a name that no other service has: ${shown(answer)} is taken`
          : mistakeOf(name, answer),
    },
    {
      field: "owner",
      text: "Team that owns it and is notified",
      ...(teams.length > 0 && { choices: teams }),
      mistake: (answer) =>
        teams.length > 0 && !teams.includes(answer)
          ? `one of the teams ${teams.join(", ")}`
          : mistakeOf(owner, answer),
    },
    {
      field: "tier",
      text: "Importance of the service",
      choices: SERVICE_TIERS,
      fallback: "standard",
      mistake: (answer) => mistakeOf(tier, answer),
    },
    {
      field: "description",
      text: "What it does, in one line",
      mistake: (answer) => mistakeOf(description, answer),
    },
    {
      field: "namespace",
      text: "Namespace that it runs in",
      mistake: (answer) => mistakeOf(namespace, answer),
    },
    {
      field: "kind",
      text: "Kind of the service",
      choices: KINDS,
      fallback: KINDS[0] ?? "http",
      mistake: (answer) => (KINDS.includes(answer) ? undefined : `one of ${KINDS.join(", ")}`),
    },
  ];
}

/** What a definition of a kind must have beside what is set. */
export function kindQuestions(kind: string, set: ReadonlySet<string> = new Set()): readonly Question[] {
  return requiredFields(kind, set).map((field) => {
    const { path, schema } = field;
    const choices = choicesOf(schema);
    return {
      field: path,
      text: firstSentence(schema.meta()?.description ?? path),
      ...(choices.length > 0 && { choices }),
      value: (answer: string) => fieldValue(field, [answer]),
      mistake: (answer: string) => mistakeOf(schema, fieldValue(field, [answer])),
    };
  });
}

function firstSentence(text: string): string {
  return text.split(/\.\s/)[0]?.replace(/\.$/, "") ?? text;
}
