import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgePages, PAGE_SEVERITIES } from "./pages.ts";

const SETTINGS = {
  severities: PAGE_SEVERITIES,
  longest: {
    type: "string",
    default: "1d",
    description: "The longest repeat_interval of a page, such as 12h.",
  },
} as const;

export const pageRepeat: StackPolicy = {
  id: "page-repeat",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-6"],
  scope: "stack",
  title: "A page is repeated within a day.",
  why: "A notification that was lost, or acknowledged and forgotten, is not seen again until then.",
  fix: "set repeat_interval of the route for pages to some hours, such as 4h",
  severity: "high",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const { severities, longest } = settingsOf(SETTINGS, context);
    return judgePages(resources, severities, ({ name, ends }) => {
      const slow = ends.find(
        ({ timing: { repeatInterval } }) =>
          DURATION_PATTERN.test(repeatInterval) && seconds(repeatInterval) > seconds(longest),
      );
      return slow && `alert ${name} is repeated by ${slow.receiver} only after ${slow.timing.repeatInterval}`;
    });
  },
};
