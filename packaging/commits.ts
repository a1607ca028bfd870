/** A commit's subject is shorter than this many characters. */
const LONGEST_SUBJECT = 72;

const FORM = /^(?<area>[a-z][a-z0-9.-]*(?:, ?[a-z][a-z0-9.-]*)*): (?<what>\S.*)$/;
/** What git itself writes for a merge or a revert. */
const WRITTEN_BY_GIT = /^(Merge |Revert ")/;

/** Verbs whose imperative looks like a past tense, a progressive form or a third person. */
const IMPERATIVES = new Set(
  (
    "embed feed need seed shed speed exceed proceed bring ping ring string sing spring swing " +
    "access address alias bias bypass compress cross discuss dismiss express focus guess pass press process stress suppress"
  ).split(" "),
);

/** What is wrong with one subject, a sentence each; none for a good one. */
export function subjectProblems(subject: string): string[] {
  if (WRITTEN_BY_GIT.test(subject)) return [];
  const problems: string[] = [];
  if (subject.length >= LONGEST_SUBJECT)
    problems.push(`it has ${subject.length} characters; fewer than ${LONGEST_SUBJECT} are allowed`);
  const what = FORM.exec(subject)?.groups?.["what"];
  if (what === undefined) {
    problems.push('no area in front; write it in lower case before a colon, such as "slo: "');
    return problems;
  }
  const [verb = ""] = what.split(" ");
  if (/(ed|ing|[^s]s)$/i.test(verb) && !IMPERATIVES.has(verb.toLowerCase()))
    problems.push(`"${verb}" is not imperative; write "add", not "added", "adding" or "adds"`);
  if (what.endsWith(".")) problems.push("it ends with a full stop; leave it out");
  return problems;
}

/** One line for each problem of the commits that `git log --format='%h %s'` printed. */
export function commitProblems(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const [hash = "", ...words] = line.split(" ");
      const subject = words.join(" ");
      return subjectProblems(subject).map((problem) => `${hash} "${subject}": ${problem}`);
    });
}
