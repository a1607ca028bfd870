import { type Waiver, waiverState } from "../../policies/rules/waiver.ts";
import type { Diagnostic } from "./judgement.ts";

/** Who answers for a violation, until when and why. */
interface WaivedBy {
  readonly owner: string;
  readonly expires: string;
  readonly reason: string;
}

/** What a policy said, as policies.json holds it. */
export interface PolicyResult {
  readonly pack: string;
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: string | null;
  readonly urn: string | null;
  readonly message: string;
  readonly waived?: WaivedBy;
  /** Of a single finding of the linter, what a waiver is of a violation. */
  readonly snoozed?: WaivedBy;
}

/** What a result means for the reader, loudest first. */
export const VERDICTS = ["violation", "advice", "waived", "undecided"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A value is known only later, or what decides is no resource of the stack. */
const UNDECIDED = /^\[not judged(?: yet)?\] /;
// The reason is for people: one that holds a bracket is cut there, and nothing else depends on it.
const SNOOZED = /^\[snoozed until (\S+) by (\S+): (.*?)\] (?=[a-zA-Z_:])/;

/** A violation that stops a deployment, one that does not, one with a waiver, or one that waits for values. */
export function verdictOf(result: PolicyResult): Verdict {
  if (result.level === "mandatory") return "violation";
  if (result.waived !== undefined || result.snoozed !== undefined) return "waived";
  return UNDECIDED.test(result.message) ? "undecided" : "advice";
}

/** A diagnostic as a result: the pack says in a message's first words that it is waived, and here those words become data. */
export function policyResult(
  diagnostic: Diagnostic,
  waivers: readonly Waiver[],
  today: string,
): PolicyResult {
  const { pack, policy, level, severity, urn, message } = diagnostic;
  const result = { pack, policy, level, severity: severity ?? null, urn: urn ?? null, message };
  const [prefix, until = "", by = "", why = ""] = SNOOZED.exec(message) ?? [];
  if (prefix !== undefined)
    return {
      ...result,
      message: message.slice(prefix.length),
      snoozed: { owner: by, expires: until, reason: why },
    };
  // Of several waivers the policy may accept only that of one owner: the message says which.
  const waiver = waivers
    .map((each) => waiverState([each], policy, urn, today))
    .find((each) => each.state === "waived" && message.startsWith(each.prefix));
  if (waiver?.state !== "waived") return result;
  const { expires, owner, reason } = waiver.waiver;
  return {
    ...result,
    message: message.slice(waiver.prefix.length).trim(),
    waived: { owner, expires, reason },
  };
}

/** The parts of a message: what is wrong, without its full stop, and the line after it that says what mends it. */
export function messageParts({ message }: Pick<PolicyResult, "message">): {
  readonly what: string;
  readonly fix: string | undefined;
} {
  const [what = "", ...rest] = message.split("\n");
  const fix = rest.find((line) => line.startsWith("Fix: "))?.slice(5);
  return { what: withoutStop(what), fix: fix && withoutStop(fix) };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
