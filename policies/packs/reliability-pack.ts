import type { PolicyPackArgs } from "@pulumi/policy";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { checkedSnoozes } from "../../components/lint/snooze.ts";
import { policies } from "../rules/index.ts";
import { judgedDay } from "../rules/today.ts";
import { checkedWaivers } from "../rules/waiver.ts";
import { snoozes } from "../snoozes.ts";
import { waivers } from "../waivers.ts";
import { pulumiPolicies } from "./adapter.ts";

export const PACK_NAME = "reliability";

/**
 * The pack as Pulumi takes it. Throws an InvalidInputError that lists every mistake in the waivers or snoozes, or names the day in
 * BELLWETHER_TODAY that does not exist. Tests bring waivers of their own.
 */
export function reliabilityPack(unchecked: readonly unknown[] = waivers): PolicyPackArgs {
  const ids = policies.map(({ id }) => id);
  return {
    displayName: "Bellwether reliability",
    description: "What keeps an observability platform standing: workloads, cluster, alerting.",
    enforcementLevel: "mandatory",
    policies: pulumiPolicies(policies, {
      today: judgedDay(process.env, new Date()),
      waivers: checkedWaivers(unchecked, ids),
      snoozes: checkedSnoozes(snoozes, "policies/snoozes.ts"),
      exclusions: EXCLUSIONS,
    }),
  };
}
