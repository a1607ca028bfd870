import { messageParts, type PolicyResult, verdictOf } from "../policy/verdict.ts";
import type { Change } from "./change.ts";
import type { EnvironmentModel } from "./model.ts";

/** What policies find that they did not find before, what they no longer find, and what is waived now. */
export function policyChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const was = byFinding(before);
  const is = byFinding(after);
  const changes: Change[] = [];
  for (const [key, result] of is) {
    const old = was.get(key);
    if (old === undefined || verdictOf(old) !== verdictOf(result) || untilOf(old) !== untilOf(result))
      changes.push(found(result, old));
  }
  for (const [key, result] of was)
    if (!is.has(key) && verdictOf(result) !== "undecided")
      changes.push({
        kind: "policy-fixed",
        about: `The policy ${result.policy}`,
        what: `no longer reports: ${about(result)}`,
      });
  return changes.filter(({ kind, what }) => kind !== "policy-advice" || what !== "");
}

/** Counts are left out of what identifies a finding: one more panel is not another finding. */
function byFinding({ policies }: EnvironmentModel): ReadonlyMap<string, PolicyResult> {
  return new Map(
    policies.map((result) => [
      JSON.stringify([result.policy, result.urn, messageParts(result).what.replace(/\d+/g, "0")]),
      result,
    ]),
  );
}

function untilOf({ waived, snoozed }: PolicyResult): string | undefined {
  return (waived ?? snoozed)?.expires;
}

function about(result: PolicyResult): string {
  const name = result.urn?.split("::").slice(3).join("::");
  return `${name === undefined ? "" : `${name}: `}${messageParts(result).what}`;
}

function found(result: PolicyResult, old: PolicyResult | undefined): Change {
  const policy = `The policy ${result.policy}`;
  const { fix } = messageParts(result);
  const answered = result.waived ?? result.snoozed;
  const details = fix === undefined ? [] : [{ label: "fix", after: fix }];
  switch (verdictOf(result)) {
    case "violation":
      return {
        kind: "policy-violated",
        about: policy,
        what: `stops the deployment: ${about(result)}`,
        details,
      };
    case "waived":
      return {
        kind: "policy-waived",
        about: policy,
        what: `is waived until ${answered?.expires} by ${answered?.owner} (${answered?.reason}): ${about(result)}`,
        cause: { waiver: true },
      };
    case "advice":
      return {
        kind: "policy-advice",
        about: policy,
        what: `${old === undefined ? "advises" : "advises again"}: ${about(result)}`,
        details,
      };
    case "undecided":
      return { kind: "policy-advice", about: policy, what: "" };
  }
}
