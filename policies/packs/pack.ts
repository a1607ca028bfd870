import type { PolicyPackArgs } from "@pulumi/policy";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { checkedSnoozes } from "../../components/lint/snooze.ts";
import { policies } from "../rules/index.ts";
import { judgedDay } from "../rules/today.ts";
import { checkedWaivers } from "../rules/waiver.ts";
import { snoozes } from "../snoozes.ts";
import { waivers } from "../waivers.ts";
import { pulumiPolicies } from "./adapter.ts";
import { PACK_DESCRIPTIONS, type PackName, policiesOf } from "./packs.ts";

/**
 * A pack as Pulumi takes it, by the name of its folder. Throws an InvalidInputError that lists every mistake in the waivers or snoozes, or
 * names the day in BELLWETHER_TODAY that does not exist. A waiver for a policy of another pack is no mistake. Tests bring waivers of their own.
 */
export function policyPack(name: PackName, unchecked: readonly unknown[] = waivers): PolicyPackArgs {
  const ids = policies.map(({ id }) => id);
  return {
    displayName: name === "bellwether" ? "Bellwether" : `Bellwether ${name}`,
    description: PACK_DESCRIPTIONS[name],
    enforcementLevel: "mandatory",
    policies: pulumiPolicies(policiesOf(name), {
      today: judgedDay(process.env, new Date()),
      waivers: checkedWaivers(unchecked, ids),
      snoozes: checkedSnoozes(snoozes, "policies/snoozes.ts"),
      exclusions: EXCLUSIONS,
    }),
  };
}
