import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeAlerts } from "./rules.ts";

export const alertOwner: ResourcePolicy = {
  id: "alert-owner",
  area: "alerting",
  scope: "resource",
  title: "Every alert names the team that answers it.",
  why: "Routes go by it; what is everybody's is answered by nobody.",
  fix: "set the label team to one of alertmanager.teams of the environment",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  check: (resource) =>
    judgeAlerts(resource, (alert, name) => {
      if (alert.at("labels", "severity").is("none")) return undefined;
      const team = alert.at("labels", "team");
      return team.exists && !(team.known && team.is("")) ? undefined : `alert ${name} belongs to no team`;
    }),
};
