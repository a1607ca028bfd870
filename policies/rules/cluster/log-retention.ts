import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

/** Intrusions are found weeks after they happened, and what is kept for ever is paid for ever. */
const FEWEST_DAYS = 30;

export const logRetention: ResourcePolicy = {
  id: "log-retention",
  area: "cluster",
  scope: "resource",
  title: `Logs are kept for ${FEWEST_DAYS} days at least, and not for ever.`,
  why: "CloudWatch keeps what has no retention for ever, at a price; what goes too soon is missing when it is asked for.",
  fix: `set the retention to ${FEWEST_DAYS} days or more: cluster.logRetentionDays, network.flowLogRetentionDays`,
  severity: "low",
  levels: FROM_STAGING,
  types: [TYPES.logGroup],
  check: ({ properties }) =>
    judge(() => {
      const days = properties.at("retentionInDays").number() ?? 0;
      if (days === 0) return "the log group keeps its logs for ever";
      return days < FEWEST_DAYS ? `the log group keeps its logs for ${days} days only` : undefined;
    }),
};
