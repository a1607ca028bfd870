import { ALWAYS, type StackPolicy } from "../policy.ts";
import { unseenObjects } from "../related-resources.ts";
import { TYPES } from "../resource.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";
import { isSelected } from "./selection.ts";

const MONITORS: readonly string[] = [TYPES.serviceMonitor, TYPES.podMonitor, TYPES.probe, TYPES.scrapeConfig];

export const monitorSelection: StackPolicy = {
  id: "monitor-selection",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title: "Every monitor is selected by a Prometheus of the stack.",
  why: "A monitor that no Prometheus takes causes no error: its targets are not scraped.",
  fix: "give the object the labels that the selector of its kind asks for in the Prometheus, in a namespace that its namespace selector takes",
  severity: "high",
  levels: ALWAYS,
  check: (resources) => {
    const servers = resources.filter(({ type }) => type === TYPES.prometheus);
    return judgeResources(
      servers.length === 0 ? [] : resources.filter(({ type }) => MONITORS.includes(type)),
      (monitor) => {
        if (servers.some((server) => isSelected(monitor, server, resources))) return undefined;
        const unseen = unseenObjects(resources);
        if (unseen !== undefined) throw new NotVisible(`${unseen} may bring a Prometheus that takes it`);
        return "no Prometheus of the stack takes it";
      },
    );
  },
};
