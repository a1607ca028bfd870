import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES, PAGERS } from "./pages.ts";

const SETTINGS = { severities: PAGE_SEVERITIES, pagers: PAGERS } as const;

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
  check: (resources, context) => {
    const { severities, pagers } = settingsOf(SETTINGS, context);
    return judgePages(resources, severities, ({ name, ends, routing }) => {
      // A mailbox that gets the alert as well wakes nobody.
      const paging = ends.filter(({ receiver }) =>
        routing.ways.get(receiver)?.some((way) => pagers.includes(way)),
      );
      return (paging.length > 0 ? paging : ends).every(({ timing }) => timing.isMutedAtTimes)
        ? `alert ${name} sends no notification at some times`
        : undefined;
    });
  },
};
