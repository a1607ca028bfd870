import { seconds } from "../../components/core/duration.ts";
import type { AlertingRule } from "../../components/core/rules.ts";
import { promisesOfService, type ServiceMonitoringArgs } from "../../components/service/render.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
import { GRACE } from "./cluster.ts";
import type { Fault } from "./faults.ts";

/** What Alertmanager waits before the first message of a severity, in seconds. */
export type GroupWait = (severity: "critical" | "warning") => number;

/**
 * Within how many seconds the alert of a fault is at its receiver; undefined: nothing is promised of it. Where a service has several objectives, the
 * first to tell it.
 */
export function promisedSeconds(
  args: ServiceMonitoringArgs,
  fault: Fault,
  groupWait: GroupWait,
): number | undefined {
  const times =
    fault.pods === "unplaceable"
      ? withoutPods(args, groupWait)
      : fault.isSilent
        ? withoutMetrics(args, fault, groupWait)
        : fault.bad === undefined
          ? []
          : whileFailing(args, fault, groupWait);
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * What the objectives promise while so many events are bad, and what Alertmanager waits. Promises are made of some shares of bad events: the next
 * lower one holds.
 */
function whileFailing(args: ServiceMonitoringArgs, { bad = 0, only }: Fault, groupWait: GroupWait): number[] {
  return promisesOfService(args).flatMap(({ slo, detection, pages }) => {
    if (only !== undefined && !slo.startsWith(only)) return [];
    const [most] = detection
      .filter(({ errorRate }) => errorRate <= bad)
      .sort((one, other) => other.errorRate - one.errorRate);
    const told = most?.fastBurn?.atTheLatest.seconds;
    return told === undefined ? [] : [told + groupWait(pages ? "critical" : "warning")];
  });
}

function withoutPods(args: ServiceMonitoringArgs, groupWait: GroupWait): number[] {
  return promisesOfService(args).flatMap(({ withoutPods: told }) =>
    told === undefined
      ? []
      : [told.seconds + groupWait(told.severity === "critical" ? "critical" : "warning")],
  );
}

/** Until the scrape sees it, the alert's own wait is over, and another evaluation has seen that. */
export function promisedOfNodes(rule: AlertingRule, scrapeInterval: string, interval: string): number {
  return GRACE + seconds(scrapeInterval) + 2 * seconds(interval) + seconds(rule.for ?? "0s");
}

/** The window of the record that the alert asks for, which is there as long as it holds one sample. */
const WINDOW = /:rate(\d+[smhd])\{/;

/**
 * Until the next scrape fails, the record's window is empty, an evaluation sees it, the rule's own wait is over, and another evaluation sees
 * that.
 */
function withoutMetrics(args: ServiceMonitoringArgs, { alert }: Fault, groupWait: GroupWait): number[] {
  const scrape = seconds(args.scrapeInterval);
  return ruleGroupsOf(args.service, args).flatMap(({ interval, rules }) =>
    rules.flatMap((rule) => {
      if (!("alert" in rule) || rule.alert !== alert) return [];
      const evaluation = interval === undefined ? scrape : seconds(interval);
      const window = seconds(WINDOW.exec(rule.expr)?.[1] ?? "0s");
      const severity = rule.labels["severity"] === "critical" ? "critical" : "warning";
      return [scrape + window + 2 * evaluation + seconds(rule.for ?? "0s") + groupWait(severity)];
    }),
  );
}
