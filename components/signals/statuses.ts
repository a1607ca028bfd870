import { equal, type Matcher, matching, notMatching, present } from "./promql.ts";

// How the metrics of a server say which requests failed. A convention fixes a label and the form of its values. Programs that use the
// name of a convention and another label, or another form, count requests that are neither good nor bad by it: these are selected too,
// so that an alert can say so.

/** How the label of a status is read. */
export interface Statuses {
  readonly statusLabel: string;
  /** Labels that have the status in other programs, which are read where those before them have no known status. */
  readonly otherStatusLabels?: readonly string[];
  /** The statuses that are server errors; `any` if the label exists only for errors. Client errors do not spend the error budget. */
  readonly serverErrors: RegExp | "any";
  /** How a known status is recognised. */
  readonly known: KnownStatuses;
}

type KnownStatuses =
  /** By its form, which these words describe: "three digits". */
  | { readonly form: RegExp; readonly inWords: string }
  /** Without the status label all is well, unless another label contradicts: its value is not among those that mean success. */
  | { readonly contradictions: readonly Contradiction[] };

interface Contradiction {
  readonly label: string;
  /** Values that mean success. An absent label matches too. */
  readonly success: RegExp;
}

/** Matchers for the failed requests. One list for each label; no request matches two of them. */
export function failed(statuses: Statuses): readonly Matcher[][] {
  const { statusLabel, serverErrors, known } = statuses;
  if (serverErrors === "any" || !("form" in known)) return [[present(statusLabel)]];
  const labels = labelsOf(statuses);
  return labels.map((label, index) => [
    ...labels.slice(0, index).map((before) => notMatching(before, known.form)),
    matching(label, serverErrors),
  ]);
}

/** Matchers for the requests that did not fail. */
export function served(statuses: Statuses): Matcher[] {
  const { statusLabel, serverErrors } = statuses;
  if (serverErrors === "any") return equal({ [statusLabel]: "" });
  return labelsOf(statuses).map((label) => notMatching(label, serverErrors));
}

/** Matchers for the requests that have no known status. One list for each way; a request may match several. */
export function withoutKnownStatus(statuses: Statuses): readonly Matcher[][] {
  const { statusLabel, known } = statuses;
  if ("form" in known) return [labelsOf(statuses).map((label) => notMatching(label, known.form))];
  return known.contradictions.map(({ label, success }) => [
    ...equal({ [statusLabel]: "" }),
    notMatching(label, success),
  ]);
}

/** A label by which another program says that a request failed. */
export function unknownExample({ known }: Statuses): Readonly<Record<string, string>> {
  const label = "form" in known ? "result" : known.contradictions[0]?.label;
  return label === undefined ? {} : { [label]: "failed" };
}

/** What the convention expects of a counter, as a sentence. */
export function expectedOf(statuses: Statuses, counter: string): string {
  const { statusLabel, known } = statuses;
  if ("form" in known)
    return `The label ${alternatives(labelsOf(statuses))} of ${counter} must have the status: ${known.inWords}.`;
  return `The label ${statusLabel} of ${counter} must exist on failed events, and on no others.`;
}

function labelsOf({ statusLabel, otherStatusLabels = [] }: Statuses): readonly string[] {
  return [statusLabel, ...otherStatusLabels];
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
