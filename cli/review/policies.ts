import { messageParts, type PolicyResult, verdictOf } from "../policy/verdict.ts";
import type { Change } from "./change.ts";
import type { EnvironmentModel } from "./model.ts";
import type { Review } from "./review.ts";

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
  return together(changes.filter(({ kind, what }) => kind !== "policy-advice" || what !== ""));
}

/** What a policy finds in several resources and one fix mends is one change, with its findings as details. */
function together(changes: readonly Change[]): readonly Change[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const [verb = ""] = change.what.split(": ");
    const key = JSON.stringify([change.kind, change.about, verb, change.details]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group): readonly Change[] => {
    const [first] = group;
    if (first === undefined || group.length < 2) return group;
    const [verb = ""] = first.what.split(": ");
    const findings = group.map(({ what }) => what.slice(verb.length + 2)).sort();
    return [
      {
        ...first,
        what: `${verb}: ${group.length} findings`,
        details: [...(first.details ?? []), ...findings.map((label) => ({ label }))],
      },
    ];
  });
}

/** So many days before its last one a waiver is brought to mind. */
const SOON = 14;

/** The waivers that end within two weeks, the first first: what they allow stops the deployment afterwards. */
export function endingSoon(
  models: readonly Pick<EnvironmentModel, "environment" | "policies">[],
  today: string,
): Review["reminders"] {
  const last = new Date(Date.parse(`${today}T00:00:00Z`) + SOON * 86_400_000).toISOString().slice(0, 10);
  const ending = models.flatMap(({ environment, policies }) =>
    policies.flatMap((result) => {
      const { expires, owner } = result.waived ?? result.snoozed ?? {};
      if (expires === undefined || owner === undefined || expires > last) return [];
      const resource = result.urn?.split("::").slice(3).join("::") ?? null;
      return [{ policy: result.policy, resource, environment, owner, expires }];
    }),
  );
  const unique = new Map(ending.map((each) => [JSON.stringify(each), each]));
  return [...unique.values()].sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : 0));
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
