import { policies } from "../rules/index.ts";
import type { Level, Tier } from "../rules/policy.ts";

/** How strictly a tier is held to every policy: what `pulumi up --policy-pack-config` is given as a file. */
export function levelsOf(tier: Tier): Readonly<Record<string, Level>> {
  return Object.fromEntries(policies.map(({ id, levels }) => [id, levels[tier]]));
}
