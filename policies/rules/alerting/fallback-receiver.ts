import { ALWAYS, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeResources } from "../violation.ts";
import { routingOf } from "./routing.ts";

export const fallbackReceiver: StackPolicy = {
  id: "fallback-receiver",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST IR-6"],
  scope: "stack",
  title: "Alerts that no route matches send notifications.",
  why: "An alert with an unexpected label would otherwise fire without a notification.",
  fix: "give the receiver of the root route a way to notify, such as email_configs (here: alertmanager.fallback in the environment)",
  severity: "medium",
  levels: ALWAYS,
  check: (resources) =>
    judgeResources(
      resources.filter(({ type }) => type === TYPES.alertmanager),
      (alertmanager) => {
        const routing = routingOf(alertmanager, resources);
        const ends = routing?.destinations({}) ?? [];
        return ends.some(({ receiver }) => routing?.receivers.get(receiver) === true) || ends.length === 0
          ? undefined
          : "the receiver of the root route sends no notifications";
      },
    ),
};
