import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

/** Intrusions are found weeks after they happened, and what is kept for ever is paid for ever. */
const FEWEST_DAYS = 30;

export const logRetention: ResourcePolicy = {
  id: "log-retention",
  area: "cluster",
  scope: "resource",
  title: `Log groups have a retention of ${FEWEST_DAYS} days or more, and not an unlimited one.`,
  why: "Without a retention CloudWatch keeps logs without limit and bills them. With a short one the logs of an incident are missing.",
  fix: `set the retention to ${FEWEST_DAYS} days or more: cluster.logRetentionDays, network.flowLogRetentionDays`,
  severity: "low",
  levels: FROM_STAGING,
  types: [TYPES.logGroup],
  check: ({ properties }) =>
    judge(() => {
      const days = properties.at("retentionInDays").number() ?? 0;
      if (days === 0) return "the log group has no retention";
      return days < FEWEST_DAYS ? `the log group has a retention of only ${days} days` : undefined;
    }),
};
