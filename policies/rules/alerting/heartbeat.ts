import { ALWAYS, type StackPolicy } from "../policy.ts";
import { unseenObjects } from "../related-resources.ts";
import { TYPES } from "../resource.ts";
import { NotVisible, NotYetKnown } from "../value.ts";
import { against, judgeResources, type Violation } from "../violation.ts";
import { type Routing, routingOf } from "./routing.ts";
import { alertLabels, alertsOf } from "./rules.ts";

/** The alert that always fires. */
const WATCHDOG = "Watchdog";

export const heartbeat: StackPolicy = {
  id: "heartbeat",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title: `The alert ${WATCHDOG} always fires and has its own route to a receiver.`,
  why: "If alerting fails, there are no notifications, as if all were well. Only a service outside the cluster that misses the heartbeat can report it.",
  fix: `keep the alert ${WATCHDOG} with expr vector(1) and no for, and route it to a heartbeat service (here: alertmanager.heartbeat.receiver in the environment)`,
  severity: "critical",
  levels: ALWAYS,
  check: (resources) => {
    const alerts = resources.flatMap((resource) =>
      alertsOf(resource).map((alert) => ({ alert, resource, name: alert.at("alert") })),
    );
    const watchdogs = alerts.filter(({ name }) => name.known && name.is(WATCHDOG));
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.alertmanager),
      (alertmanager) => {
        if (watchdogs.length === 0) {
          // What is called by a name that is known only later may be the one.
          const unknown = alerts.find(({ name }) => !name.known);
          if (unknown !== undefined) throw new NotYetKnown(unknown.name.path);
          const unseen = unseenObjects(resources);
          if (unseen !== undefined) throw new NotVisible(`${unseen} may bring the alert ${WATCHDOG}`);
          return `no rule defines the alert ${WATCHDOG}`;
        }
        const routing = routingOf(alertmanager, resources);
        return watchdogs.flatMap(({ alert, resource }): (string | Violation)[] => {
          const expression = alert.at("expr").text()?.replace(/\s/g, "");
          const waits = alert.at("for").exists && !alert.at("for").is("0s");
          if (expression !== "vector(1)" || waits)
            return [against(resource, `the alert ${WATCHDOG} does not always fire`)];
          // alert-routes says that the configuration is missing.
          if (routing === undefined || isDelivered(alertLabels(alert), routing)) return [];
          return [`the alert ${WATCHDOG} has no route of its own to a receiver`];
        });
      },
    );
  },
};

function isDelivered(labels: Readonly<Record<string, string>>, routing: Routing): boolean {
  return routing
    .destinations(labels)
    .some(({ receiver, depth }) => depth > 0 && routing.receivers.get(receiver) === true);
}
