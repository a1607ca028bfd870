import { seconds } from "../../../components/core/duration.ts";
import { promisesOfService } from "../../../components/service/render.ts";
import { serviceArgs } from "../../../infra/args.ts";
import { services } from "../../../stacks/services/index.ts";
import { environmentOf } from "../../e2e/environment.ts";

/** How long an alert waits for others of its group, by severity. */
export const GROUP_WAIT = { critical: "15s", warning: "2m", info: "0s", none: "0s" } as const;

/**
 * Seconds from a total outage to its page, by service and objective, such as `storefront availability`: what the reviewer reads, and
 * the wait for others of the group.
 */
export async function promisedOutages(environment: string): Promise<ReadonlyMap<string, number>> {
  const inputs = Object.values(serviceArgs(await environmentOf(environment), services));
  return new Map(
    inputs.flatMap(promisesOfService).flatMap(({ service, slo, detection }) => {
      const fastBurn = detection[0]?.fastBurn;
      const wait = seconds(GROUP_WAIT.critical);
      return fastBurn === undefined
        ? []
        : [[`${service} ${slo}`, fastBurn.atTheLatest.seconds + wait] as const];
    }),
  );
}
