import type { ReadyStack } from "../environments.ts";
import type { Platform } from "../platform.ts";
import type { Recording } from "../recording/monitor.ts";
import type { PackConfig } from "./judgement.ts";
import { judgeByOwnPack } from "./own-pack.ts";
import { withoutQuestions } from "./pack-config.ts";
import { type PolicyResult, policyResult } from "./verdict.ts";
import { type WaiverUse, waiverUses } from "./waiver-uses.ts";

/** What the policies say of an environment. */
export interface JudgedStack {
  readonly results: readonly PolicyResult[];
  readonly policiesAsked: number;
  readonly config: PackConfig;
  readonly waivers: readonly WaiverUse[];
}

/** Asks the policies about a recording, at the level of the environment's tier and as of a day, `YYYY-MM-DD`. */
export async function judgeStack(
  { stack, environment }: Pick<ReadyStack, "stack" | "environment">,
  recording: Recording,
  { project, pack }: Platform,
  today: string,
): Promise<JudgedStack> {
  const config = pack.config(environment);
  const { asked, diagnostics } = await judgeByOwnPack(
    { name: pack.name, waivers: pack.waivers, today },
    { project, stack, recording, config: withoutQuestions(config) },
  );
  const results = diagnostics.map((diagnostic) => policyResult(diagnostic, pack.waivers.waivers, today));
  const waivers = waiverUses(pack.waivers.waivers, stack, results);
  return { results, policiesAsked: asked, config, waivers };
}
