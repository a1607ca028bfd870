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
  scope: "resource",
  title: "Tokens of Grafana take turns, and live as long as their turns need.",
  why: "A token of Amazon Managed Grafana lives for thirty days, as ours do elsewhere. One that nobody replaces breaks every deployment from day 31 on, in the middle of some incident.",
  fix: "name the token by tokenPlan of components/grafana, and deploy with BELLWETHER_TODAY unset",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.workspaceToken, TYPES.grafanaToken],
  check: ({ properties }, { today }) => [
    ...judge(() => {
      const firstDay = firstDayIn(properties.at("name").text() ?? "");
      if (firstDay === undefined) return "the token's name tells no day, so nothing ever replaces it";
      const age = (Date.parse(today) - Date.parse(firstDay)) / DAY;
      if (age >= ROTATION_DAYS) return `the token's turn ended on day ${ROTATION_DAYS} after ${firstDay}`;
      if (age < -ROTATION_DAYS) return "the token's turn is not the next one: it was made for another day";
      return undefined;
    }),
    ...judge(() => {
      const days = (properties.at("secondsToLive").number() ?? 0) / 86_400;
      if (days >= 2 * ROTATION_DAYS && days <= TOKEN_LIFETIME_DAYS) return undefined;
      return `the token lives for ${days} days, and takes ${2 * ROTATION_DAYS} to ${TOKEN_LIFETIME_DAYS} for two turns`;
    }),
  ],
};
