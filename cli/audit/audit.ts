import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PackName } from "../../policies/packs/packs.ts";
import type { Tier } from "../../policies/rules/policy.ts";
import type { Paint } from "../paint.ts";
import type { PackConfig } from "../policy/judgement.ts";
import { judgeByOwnPack } from "../policy/own-pack.ts";
import { type PolicyResult, policyResult, verdictOf } from "../policy/verdict.ts";
import { type LoadedWaivers, WITHOUT_WAIVERS } from "../policy/waivers.ts";
import { policyGroups } from "../report/model.ts";
import { count } from "../report/numbers.ts";
import type { Audited } from "./audited.ts";

/** How an audit judges. */
export interface AuditOptions {
  readonly pack: PackName;
  readonly tier: Tier;
  /** A pack's configuration, in place of the tier's levels. */
  readonly config?: PackConfig;
  /** As YYYY-MM-DD. */
  readonly today: string;
  /** Default: none. */
  readonly waivers?: LoadedWaivers;
}

/** What the policies say. */
export interface Audit {
  readonly audited: Audited;
  readonly results: readonly PolicyResult[];
  readonly asked: number;
}

/** Asks a pack about resources that exist, as a preview asks it about those of a program. */
export async function audit(
  audited: Audited,
  { pack, tier, config, today, waivers = WITHOUT_WAIVERS }: AuditOptions,
): Promise<Audit> {
  const folder = fileURLToPath(new URL(`../../policies/packs/${pack}`, import.meta.url));
  const levels = config ?? (JSON.parse(readFileSync(`${folder}/config/${tier}.json`, "utf8")) as PackConfig);
  const left = Object.fromEntries(
    Object.keys(audited.notAsked).map((policy) => [policy, "disabled"] as const),
  );
  const { asked, diagnostics } = await judgeByOwnPack(
    { name: pack, waivers, today },
    {
      project: audited.project,
      stack: audited.stack,
      recording: { resources: audited.resources, outputs: {} },
      config: { ...levels, ...left },
    },
  );
  return {
    audited,
    asked,
    results: diagnostics.map((diagnostic) => judgedNow(policyResult(diagnostic, waivers.waivers, today))),
  };
}

/** What is not known of something that exists is not known later either: it is a secret that the state holds encrypted. */
function judgedNow(result: PolicyResult): PolicyResult {
  const message = result.message.replace(
    /^\[not judged yet\] (.*?) is known only after deployment; pulumi up judges it then/,
    "[not judged] $1 is encrypted",
  );
  return { ...result, message };
}

const HEADINGS = {
  violation: "violations",
  advice: "advice",
  waived: "waived",
  undecided: "not judged",
} as const;

/** An audit for a terminal: what is wrong with each resource and the fix, by policy, the worst first. */
export function auditText({ audited, results, asked }: Audit, paint: Paint): string {
  const groups = policyGroups(results);
  const lines = groups.flatMap(({ verdict, policy, findings, fix }) => [
    `${verdict === "violation" ? paint.red(policy) : paint.bold(policy)} (${HEADINGS[verdict]})`,
    ...findings.map(
      ({ resource, what, waived }) =>
        `  found    ${resource === undefined ? "" : `${resource}: `}${what}${waived === undefined ? "" : ` (${waived})`}`,
    ),
    ...(fix === undefined ? [] : [`  fix      ${fix}`]),
    "",
  ]);
  const verdicts = results.map(verdictOf);
  const totals = Object.entries(HEADINGS).map(
    ([verdict, words]) => `${verdicts.filter((each) => each === verdict).length} ${words}`,
  );
  return [
    ...lines,
    ...audited.notices,
    ...Object.entries(audited.notAsked).map(([policy, why]) => `${policy} is not asked: ${why}.`),
    `${audited.name}: ${count(audited.resources.length, "resource")}, ${count(asked, "policy", "policies")}: ${totals.join(", ")}`,
    "",
  ].join("\n");
}
