import { policies } from "../../../policies/rules/index.ts";
import { BREAKS } from "../breaks/index.ts";
import { CASES, type Case } from "./case.ts";

/** Every stack with a verdict: the cases of the corpus, and the breaks, each of which is bad. */
export const ALL_CASES: readonly Case[] = [
  ...CASES,
  ...BREAKS.map(
    ({ policy, when, at, says, stack }): Case => ({
      policy,
      when,
      verdict: "bad",
      says,
      at,
      stack,
      beside: [],
      snoozed: undefined,
      config: {},
    }),
  ),
];

/** What a pack said, from wherever it was asked. */
export interface Said {
  readonly policy: string;
  readonly message: string;
}

/** Without what the platform's exclusions cover on the fixture's dashboards. */
export function withoutExclusions<One extends Said>(said: readonly One[]): readonly One[] {
  return said.filter(({ message }) => !/ does not hold in \d+ places? on /.test(message));
}

/** Whether a pack said of a case what the case states: nothing, or something of its own policy, and of others only of those beside it. */
export function agrees({ policy, verdict, says, beside }: Case, said: readonly Said[]): boolean {
  if (verdict === "sound") return said.length === 0;
  const own = said.filter((one) => one.policy === policy);
  const isUnknown = own.every(({ message }) => message.startsWith("[not judged"));
  return (
    own.some(({ message }) => message.includes(says)) &&
    said.every((one) => one.policy === policy || beside.includes(one.policy)) &&
    isUnknown === (verdict === "unknown")
  );
}

/** A case and what was said instead, for a person. */
export function disagreement({ policy, when, verdict }: Case, said: readonly Said[]): string {
  const lines = said.map((one) => `\n  ${one.policy}: ${one.message.split("\n")[0]}`);
  return `${policy}: when ${when}: expected ${verdict}, and it says:${lines.join("") || " nothing"}`;
}

const OF_STACK = new Set(policies.filter(({ scope }) => scope === "stack").map(({ id }) => id));

/** Whether a case is about a policy over the whole stack. */
export function isOfStack({ policy }: Case): boolean {
  return OF_STACK.has(policy);
}
