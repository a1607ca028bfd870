import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES } from "./pages.ts";

const SETTINGS = { severities: PAGE_SEVERITIES } as const;

export const pageMutes: StackPolicy = {
  id: "page-mutes",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-6"],
  scope: "stack",
  title: "Pages of production are sent at every hour.",
  why: "An outage at night is found in the morning. What can wait until then is a warning.",
  fix: "remove mute_time_intervals and active_time_intervals from the route for pages, or make the alert a warning",
  severity: "high",
  levels: PRODUCTION,
  settings: SETTINGS,
  check: (resources, context) =>
    judgePages(resources, settingsOf(SETTINGS, context).severities, ({ name, ends }) =>
      ends.length > 0 && ends.every(({ timing }) => timing.isMutedAtTimes)
        ? `alert ${name} sends no notification at some times`
        : undefined,
    ),
};
