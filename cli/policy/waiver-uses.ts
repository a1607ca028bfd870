import { covers, endsSoon, type Waiver } from "../../policies/rules/waiver.ts";
import { count } from "../report/numbers.ts";
import type { PolicyResult } from "./verdict.ts";

/** A waiver of an environment, and what it is good for there. */
export interface WaiverUse extends Pick<Waiver, "policy" | "resource" | "owner" | "expires" | "reason"> {
  /** How many findings it is about, whether it still holds or not. */
  readonly findings: number;
}

/** The waivers that name an environment, with the number of findings that each is about. */
export function waiverUses(
  waivers: readonly Waiver[],
  environment: string,
  results: readonly Pick<PolicyResult, "policy" | "urn">[],
): readonly WaiverUse[] {
  return waivers
    .filter(({ environments }) => environments.includes(environment))
    .map((waiver) => {
      const { policy, resource, owner, expires, reason } = waiver;
      const findings = results.filter((result) => covers(waiver, result.policy, result.urn ?? undefined));
      return { policy, resource, owner, expires, reason, findings: findings.length };
    });
}

/** What should be done about a waiver, if anything: the most urgent. */
export type WaiverTask = "unused" | "expired" | "ends";

/** What should be done about a waiver on a day. */
export function waiverTask(use: WaiverUse, today: string): WaiverTask | undefined {
  if (use.findings === 0) return "unused";
  if (use.expires < today) return "expired";
  return endsSoon(use, today) ? "ends" : undefined;
}

/** The waivers of an environment that somebody must do something about, as sentences. */
export function waiverNotices(
  uses: readonly WaiverUse[],
  environment: string,
  today: string,
): readonly string[] {
  return uses.flatMap((use) => {
    const task = waiverTask(use, today);
    return task === undefined ? [] : [waiverSentence(task, { ...use, environment })];
  });
}

/** What should be done about a waiver, as a sentence. `resource` null: the stack. */
export function waiverSentence(
  task: WaiverTask,
  {
    policy,
    resource,
    environment,
    owner,
    expires,
    findings,
  }: {
    readonly policy: string;
    readonly resource: string | null;
    readonly environment: string;
    readonly owner: string;
    readonly expires: string;
    readonly findings?: number;
  },
): string {
  const waiver = `The waiver of ${owner} for ${policy}${resource === null ? "" : ` of ${resource}`} in ${environment}`;
  switch (task) {
    case "ends":
      return `${waiver} ends on ${expires}: from the next day on the policy applies again.`;
    case "expired":
      return `${waiver} ended on ${expires}, and ${findings === undefined ? "what it allowed" : count(findings, "finding")} ${findings === 1 || findings === undefined ? "stops" : "stop"} the deployment: fix it, or agree on another day.`;
    case "unused":
      return `${waiver} is about no finding: remove it from waivers.yaml.`;
  }
}
