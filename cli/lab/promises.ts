import { seconds } from "../../components/core/duration.ts";
import { promisesOfService, type ServiceMonitoringArgs } from "../../components/service/render.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
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
  const times = fault.isSilent
    ? withoutMetrics(args, fault, groupWait)
    : fault.bad === "all"
      ? inAnOutage(args, groupWait)
      : [];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What the objectives promise of a full outage, and what Alertmanager waits. */
function inAnOutage(args: ServiceMonitoringArgs, groupWait: GroupWait): number[] {
  return promisesOfService(args).flatMap(({ detection, pages }) => {
    const outage = detection.find(({ errorRate }) => errorRate === 1)?.fastBurn?.atTheLatest.seconds;
    return outage === undefined ? [] : [outage + groupWait(pages ? "critical" : "warning")];
  });
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
