import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import type { Waivers } from "../rules/waivers-file.ts";
import type { PackContext } from "./ask.ts";

/** What the policies of a pack judge with on a day, as YYYY-MM-DD. */
export function packContext(today: string, { waivers, snoozes, exclusions }: Waivers): PackContext {
  return {
    today,
    waivers,
    snoozes,
    // What the dashboards of the components do not do on purpose comes with the components.
    exclusions: [...exclusions, ...EXCLUSIONS],
  };
}
