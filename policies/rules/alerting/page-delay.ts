import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES } from "./pages.ts";

const SETTINGS = {
  severities: PAGE_SEVERITIES,
  longestWait: { type: "string", default: "2m", description: "The longest group_wait of a page." },
  longestInterval: { type: "string", default: "15m", description: "The longest group_interval of a page." },
} as const;

export const pageDelay: StackPolicy = {
  id: "page-delay",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Alerting on SLOs", "NIST IR-6"],
  scope: "stack",
  title:
    "Alertmanager holds a page back for two minutes at most, and notifies of more alerts of its group within 15.",
  why: "The wait is added to the time until the alert fires, while users see the failure.",
  fix: "set group_wait of the route for pages to 30s or so, and group_interval to some minutes",
  severity: "medium",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const { severities, longestWait, longestInterval } = settingsOf(SETTINGS, context);
    const isLonger = (stated: string, longest: string) =>
      DURATION_PATTERN.test(stated) && seconds(stated) > seconds(longest);
    return judgePages(resources, severities, ({ name, ends }) => {
      const late = ends.find(({ timing }) => isLonger(timing.groupWait, longestWait));
      if (late !== undefined)
        return `alert ${name} waits ${late.timing.groupWait} for others before ${late.receiver} pages`;
      const rare = ends.find(({ timing }) => isLonger(timing.groupInterval, longestInterval));
      return (
        rare &&
        `a second alert of the group of ${name} waits ${rare.timing.groupInterval} until ${rare.receiver} pages`
      );
    });
  },
};
