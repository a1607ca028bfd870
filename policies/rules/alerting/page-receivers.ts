import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES, PAGERS } from "./pages.ts";

const SETTINGS = {
  severities: PAGE_SEVERITIES,
  pagers: PAGERS,
} as const;

export const pageReceivers: StackPolicy = {
  id: "page-receivers",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-6", "NIST IR-4"],
  scope: "stack",
  title: "Every critical alert of production ends at a pager.",
  why: "At 3 a.m. a channel or a mailbox is not read.",
  fix: "give the route a receiver with pagerduty_configs, opsgenie_configs or another pager (here: alertmanager.teams in the environment)",
  severity: "critical",
  levels: PRODUCTION,
  settings: SETTINGS,
  check: (resources, context) => {
    const { severities, pagers } = settingsOf(SETTINGS, context);
    return judgePages(resources, severities, ({ name, ends, routing }) => {
      const ways = ends.flatMap(({ receiver }) => routing.ways.get(receiver) ?? []);
      // That it is told to nobody, or by no route of its own, is what alert-routes says.
      const isTold = ends.every(
        ({ receiver, depth }) => depth > 0 && routing.receivers.get(receiver) === true,
      );
      if (!isTold || ways.some((way) => pagers.includes(way))) return undefined;
      return `alert ${name} reaches only ${[...new Set(ways)].join(", ")}`;
    });
  },
};
