import {
  firstDayIn,
  ROTATION_DAYS,
  TOKEN_LIFETIME_DAYS,
} from "../../../components/grafana/token-rotation.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

const DAY = 86_400_000;

export const grafanaTokens: ResourcePolicy = {
  id: "grafana-tokens",
  area: "stack",
  pack: "security",
  standards: ["NIST IA-5"],
  scope: "resource",
  title: "Two Grafana tokens are rotated in turn, and each is valid for as long as the rotation needs.",
  why: "A token of Amazon Managed Grafana expires after 30 days, and so do the tokens for other Grafanas. Without rotation every deployment fails from day 31 on.",
  fix: "put the day of the rotation into name, as bellwether-1-2026-11-23 (here: tokenPlan of components/grafana, with BELLWETHER_TODAY unset)",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.workspaceToken, TYPES.grafanaToken],
  check: ({ properties }, { today }) => [
    ...judge(() => {
      const firstDay = firstDayIn(properties.at("name").text() ?? "");
      if (firstDay === undefined) return "the token's name contains no date, so it is never rotated";
      const age = (Date.parse(today) - Date.parse(firstDay)) / DAY;
      if (age >= ROTATION_DAYS)
        return `the token had to be rotated on day ${ROTATION_DAYS} after ${firstDay}`;
      if (age < -ROTATION_DAYS)
        return "the token is not the next one of the rotation: its name has another date";
      return undefined;
    }),
    ...judge(() => {
      const days = (properties.at("secondsToLive").number() ?? 0) / 86_400;
      if (days >= 2 * ROTATION_DAYS && days <= TOKEN_LIFETIME_DAYS) return undefined;
      // Grafana takes none, and 0, for a token without an end.
      const valid = days === 0 ? "without an end" : `for ${days} days`;
      return `the token is valid ${valid}; the rotation needs ${2 * ROTATION_DAYS} to ${TOKEN_LIFETIME_DAYS} days`;
    }),
  ],
};
