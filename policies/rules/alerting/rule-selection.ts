import { ALWAYS, type StackPolicy } from "../policy.ts";
import { unseenObjects } from "../related-resources.ts";
import { TYPES } from "../resource.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";
import { isSelected } from "./selection.ts";

export const ruleSelection: StackPolicy = {
  id: "rule-selection",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title: "Every PrometheusRule is selected by a Prometheus of the stack.",
  why: "A rule that no Prometheus loads causes no error: its alerts never fire.",
  fix: "give the object the labels that spec.ruleSelector of the Prometheus asks for, in a namespace that ruleNamespaceSelector takes",
  severity: "critical",
  levels: ALWAYS,
  check: (resources) => {
    const servers = resources.filter(({ type }) => type === TYPES.prometheus);
    return judgeResources(
      // Without a Prometheus in the stack its rules run on somebody else's.
      servers.length === 0 ? [] : resources.filter(({ type }) => type === TYPES.prometheusRule),
      (rule) => {
        if (servers.some((server) => isSelected(rule, server, resources))) return undefined;
        const unseen = unseenObjects(resources);
        if (unseen !== undefined) throw new NotVisible(`${unseen} may bring a Prometheus that takes it`);
        return "no Prometheus of the stack loads its rules";
      },
    );
  },
};
