import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

/** Intrusions are found weeks after they happened, and what is kept for ever is paid for ever. */
const FEWEST_DAYS = 30;

const SETTINGS = {
  days: {
    type: "number",
    default: FEWEST_DAYS,
    description: "The fewest days that a log group keeps its logs.",
  },
} as const;

export const logRetention: ResourcePolicy = {
  id: "log-retention",
  area: "cluster",
  pack: "security",
  standards: ["FSBP CloudWatch.16", "NIST AU-11"],
  scope: "resource",
  title: `Log groups have a retention of ${FEWEST_DAYS} days or more, and not an unlimited one.`,
  why: "Without a retention CloudWatch keeps logs without limit and bills them. With a short one the logs of an incident are missing.",
  fix: `set retentionInDays to ${FEWEST_DAYS} or more (here: cluster.logRetentionDays, network.flowLogRetentionDays)`,
  severity: "low",
  levels: FROM_STAGING,
  types: [TYPES.logGroup],
  settings: SETTINGS,
  check: ({ properties }, context) =>
    judge(() => {
      const days = properties.at("retentionInDays").number() ?? 0;
      if (days === 0) return "the log group has no retention";
      return days < settingsOf(SETTINGS, context).days
        ? `the log group has a retention of only ${days} days`
        : undefined;
    }),
};
