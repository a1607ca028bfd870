import { resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { PACKS } from "../../policies/packs/packs.ts";
import { TIERS } from "../../policies/rules/policy.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readJsonFile } from "../json-file.ts";
import { paintFor } from "../paint.ts";
import type { PackConfig } from "../policy/judgement.ts";
import { verdictOf } from "../policy/verdict.ts";
import { WITHOUT_WAIVERS, waiversIn } from "../policy/waivers.ts";
import { audit, auditText } from "./audit.ts";
import { auditedCluster } from "./cluster.ts";
import { auditSarif } from "./sarif.ts";
import { auditedState } from "./state.ts";

/** A state file, by its path and by how it is shown, or the context of a cluster. */
export type AuditSource = { readonly file: string; readonly shownAs: string } | { readonly context: string };

/** How an audit is asked for. */
export interface AuditFlags {
  readonly kubeconfig?: string;
  readonly namespaces?: readonly string[];
  readonly pack?: string;
  readonly tier?: string;
  readonly config?: string;
  /** A file of waivers. */
  readonly waivers?: string;
  readonly format?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Audits a state or a cluster and prints what was found. Rejects with an InvalidInputError for what cannot be read. */
export async function runAudit(
  source: AuditSource,
  flags: AuditFlags,
  { stdout, env, folder }: Surroundings,
): Promise<{ readonly violations: number }> {
  const { kubeconfig, namespaces, pack, tier, config, format, today } = flags;
  const waivers =
    flags.waivers === undefined ? WITHOUT_WAIVERS : await waiversIn(resolve(folder, flags.waivers), today);
  const levels = config === undefined ? undefined : configIn(resolve(folder, config), config);
  const audited =
    "file" in source
      ? auditedState(source.file, source.shownAs)
      : await auditedCluster(
          { ...source, ...(kubeconfig !== undefined && { kubeconfig }), ...(namespaces && { namespaces }) },
          env,
        );
  const done = await audit(audited, {
    pack: PACKS.find((each) => each === pack) ?? "bellwether",
    tier: TIERS.find((each) => each === tier) ?? "production",
    ...(levels && { config: levels }),
    today,
    waivers,
  });
  stdout.write(
    format === "sarif"
      ? auditSarif(done, "file" in source ? source.shownAs : `context ${source.context}`)
      : auditText(done, paintFor(stdout, env)),
  );
  return { violations: done.results.filter((result) => verdictOf(result) === "violation").length };
}

function configIn(file: string, shownAs: string): PackConfig {
  const refuse = (found: string): never => {
    throw new InvalidInputError("audit", [
      {
        path: "--config",
        found,
        allowed: "a JSON file with a level, or an object with enforcementLevel and settings, by policy",
        fix: "start from a file of policies/packs/bellwether/config",
      },
    ]);
  };
  const read = readJsonFile(file);
  if (read.why !== undefined) return refuse(`${shownAs}, which ${read.why}`);
  const { content } = read;
  if (content === null || typeof content !== "object" || Array.isArray(content))
    return refuse(`${shownAs}, which is no JSON object`);
  return content as PackConfig;
}
