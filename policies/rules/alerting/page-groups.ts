import { ALWAYS, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES } from "./pages.ts";

const SETTINGS = { severities: PAGE_SEVERITIES } as const;

export const pageGroups: StackPolicy = {
  id: "page-groups",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-5"],
  scope: "stack",
  title: "Pages are grouped by some labels: not all in one, and not each alone.",
  why: "In one group of all, a second incident only adds a line to a page that was acknowledged. Alone, an outage of a node is a hundred pages.",
  fix: "set group_by of the route for pages to labels such as [cluster, alertname, service]",
  severity: "high",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) =>
    judgePages(resources, settingsOf(SETTINGS, context).severities, ({ name, ends }) => {
      if (ends.some(({ timing }) => timing.groupBy.length === 0))
        return `alert ${name} is in one group with all others, because no route says group_by`;
      return ends.some(({ timing }) => timing.groupBy.includes("..."))
        ? `alert ${name} pages once for each of its series, because group_by is ...`
        : undefined;
    }),
};
