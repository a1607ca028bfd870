import { policies } from "../rules/index.ts";
import type { Level, Policy, Tier } from "../rules/policy.ts";

/** The packs by the names of their folders: one with all policies, and one for each of their subjects. */
export const PACK_DESCRIPTIONS = {
  bellwether: "All policies: reliability, security and observability.",
  reliability:
    "Workloads, nodes, volumes and versions survive the loss of a pod, a node or a zone, and an upgrade.",
  security: "Access, networks, keys and pods give no more than what is needed.",
  observability:
    "Every alert reaches a receiver, every rule and monitor is loaded, and Prometheus, Alertmanager and Grafana work.",
} as const;

export type PackName = keyof typeof PACK_DESCRIPTIONS;

export const PACKS = Object.keys(PACK_DESCRIPTIONS) as readonly PackName[];

/** The policies of a pack. */
export function policiesOf(name: PackName): readonly Policy[] {
  return name === "bellwether" ? policies : policies.filter(({ pack }) => pack === name);
}

/** How strictly a tier is held to the policies of a pack: what `pulumi up --policy-pack-config` is given as a file. */
export function levelsOf(name: PackName, tier: Tier): Readonly<Record<string, Level>> {
  return Object.fromEntries(policiesOf(name).map(({ id, levels }) => [id, levels[tier]]));
}
