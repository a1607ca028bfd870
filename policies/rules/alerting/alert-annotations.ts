import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judgeAlerts } from "./rules.ts";

const SETTINGS = {
  annotations: {
    type: "strings",
    default: ["summary", "description", "runbook_url"],
    description: "The annotations that every alert has.",
  },
} as const;

export const alertAnnotations: ResourcePolicy = {
  id: "alert-annotations",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-8"],
  scope: "resource",
  title: "Every alert has a summary, a description and a link to its runbook.",
  why: "The on-call engineer may see this alert for the first time and must understand it within a minute.",
  fix: "add the annotations summary, description and runbook_url, an https URL",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  settings: SETTINGS,
  check: (resource, context) =>
    judgeAlerts(resource, (alert, name) => {
      const annotations = alert.at("annotations");
      const missing = settingsOf(SETTINGS, context).annotations.filter((annotation) =>
        isEmpty(annotations.at(annotation)),
      );
      const runbook = annotations.at("runbook_url");
      return [
        ...missing.map((annotation) => `alert ${name} has no ${annotation}`),
        ...(isEmpty(runbook) || !runbook.known || isWebAddress(runbook.text() ?? "")
          ? []
          : [`the runbook_url of alert ${name} is no URL`]),
      ];
    }),
};

/** An annotation that is known only later will be there. */
function isEmpty(annotation: Value): boolean {
  return annotation.known && (annotation.text() ?? "").trim() === "";
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]+\/\S*$/.test(text);
}
