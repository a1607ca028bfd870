import type { PolicyPackArgs } from "@pulumi/policy";
import { policies } from "../rules/index.ts";
import { judgedDay, writingDay } from "../rules/today.ts";
import { givenWaivers, waiversOf } from "../rules/waivers-file.ts";
import { pulumiPolicies } from "./adapter.ts";
import { packContext } from "./context.ts";
import { PACK_DESCRIPTIONS, type PackName, policiesOf } from "./packs.ts";

/**
 * A pack as Pulumi takes it, by the name of its folder. `given` is what a file of waivers holds: an object with `waivers`, `snoozes` and
 * `exclusions`. Default: the file that BELLWETHER_WAIVERS names, or nothing. Throws an InvalidInputError that lists every mistake in it, or
 * names the day in BELLWETHER_TODAY that does not exist. A waiver for a policy of another pack is no mistake.
 */
export function policyPack(name: PackName, given?: unknown): PolicyPackArgs {
  const today = judgedDay(process.env, new Date());
  const context = { policyIds: policies.map(({ id }) => id), today: writingDay(today, new Date()) };
  const waivers = given === undefined ? waiversOf(process.env, context) : givenWaivers(given, context);
  return {
    displayName: name === "bellwether" ? "Bellwether" : `Bellwether ${name}`,
    description: PACK_DESCRIPTIONS[name],
    enforcementLevel: "mandatory",
    policies: pulumiPolicies(policiesOf(name), packContext(today, waivers)),
  };
}
