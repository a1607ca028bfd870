import { endsSoon } from "../../policies/rules/waiver.ts";
import { messageParts, type PolicyResult, verdictOf } from "../policy/verdict.ts";
import { waiverTask } from "../policy/waiver-uses.ts";
import type { Change } from "./change.ts";
import type { EnvironmentModel } from "./model.ts";
import type { Reminder } from "./review.ts";

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

/**
 * The waivers that somebody must do something about, the first day first: what those that end within two weeks allow stops the deployment
 * afterwards, what expired ones allowed stops it now, and those that are about no finding can go.
 */
export function remindersOf(
  models: readonly Pick<EnvironmentModel, "environment" | "policies" | "waivers">[],
  today: string,
): readonly Reminder[] {
  const reminders = models.flatMap((model) => [...ending(model, today), ...over(model, today)]);
  const unique = new Map(reminders.map((each) => [JSON.stringify(each), each]));
  return [...unique.values()].sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : 0));
}

/** What ends soon, by the findings: a waiver of a pattern is about several resources. */
function ending(
  { environment, policies }: Pick<EnvironmentModel, "environment" | "policies">,
  today: string,
): readonly Reminder[] {
  return policies.flatMap((result) => {
    const answered = result.waived ?? result.snoozed;
    if (answered === undefined || !endsSoon(answered, today)) return [];
    const { owner, expires } = answered;
    const resource = result.urn === null ? null : nameIn(result.urn);
    return [{ policy: result.policy, resource, environment, owner, expires, task: "ends" as const }];
  });
}

function over(
  { environment, waivers = [] }: Pick<EnvironmentModel, "environment" | "waivers">,
  today: string,
): readonly Reminder[] {
  return waivers.flatMap((use) => {
    const task = waiverTask(use, today);
    if (task === undefined || task === "ends") return [];
    const { policy, resource, owner, expires } = use;
    return [{ policy, resource, environment, owner, expires, task }];
  });
}

/** The logical name in a URN. */
function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
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
  return `${result.urn === null ? "" : `${nameIn(result.urn)}: `}${messageParts(result).what}`;
}

/** Whether a waiver was about it that is over. */
function isExpired({ message }: PolicyResult): boolean {
  return message.startsWith("[the waiver by ");
}

function found(result: PolicyResult, old: PolicyResult | undefined): Change {
  const policy = `The policy ${result.policy}`;
  const { fix } = messageParts(result);
  const answered = result.waived ?? result.snoozed;
  const details = fix === undefined ? [] : [{ label: "fix", after: fix }];
  const cause = { waived: result.urn === null ? undefined : { policy: result.policy, urn: result.urn } };
  switch (verdictOf(result)) {
    case "violation":
      return {
        ...(isExpired(result) && { cause }),
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
        cause,
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
