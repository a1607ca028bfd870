import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judgeAlerts } from "./rules.ts";

const SETTINGS = {
  label: { type: "string", default: "team", description: "The label that names the team of an alert." },
} as const;

export const alertOwner: ResourcePolicy = {
  id: "alert-owner",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-4"],
  scope: "resource",
  title: "Every alert has the label team with the team that owns it.",
  why: "Alertmanager routes by this label. No team responds to an alert without an owner.",
  fix: "set the label team of the rule (here: one of alertmanager.teams of the environment)",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  settings: SETTINGS,
  check: (resource, context) =>
    judgeAlerts(resource, (alert, name) => {
      if (alert.at("labels", "severity").is("none")) return undefined;
      const { label } = settingsOf(SETTINGS, context);
      const team = alert.at("labels", label);
      return team.exists && !(team.known && team.is("")) ? undefined : `alert ${name} has no label ${label}`;
    }),
};
