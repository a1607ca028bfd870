import { SEVERITIES } from "../../signals/severity.ts";
import type { Check } from "../check.ts";

export const alertMetadata: Check = {
  id: "alert-metadata",
  title: "Every alert has a severity, an owner, a summary and a runbook.",
  why: "Routing needs severity and owner, and the on-call engineer needs the rest.",
  fix: `add the labels severity (${SEVERITIES.join(", ")}) and owner, and the annotations summary and runbook_url`,
  judge: ({ kind, labels, annotations }, { surroundings }) => {
    if (kind === "record") return [];
    const severity = labels["severity"] ?? "";
    const isWord = SEVERITIES.some((word) => word === severity);
    return [
      ...(severity === ""
        ? ["has no severity"]
        : isWord
          ? []
          : [`has the severity ${severity}, which is none of ours`]),
      ...(isBlank(labels[surroundings.ownerLabel])
        ? [`has no owner in the label ${surroundings.ownerLabel}`]
        : []),
      ...(isBlank(annotations["summary"]) ? ["has no summary"] : []),
      ...(isBlank(annotations["runbook_url"]) ? ["has no runbook_url"] : []),
    ];
  },
};

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === "";
}
