import type { Duration } from "../core/duration.ts";

import type { RuleGroup } from "../core/rules.ts";
import { alertingRules } from "./alerts.ts";
import type { RunbookLinks } from "./annotations.ts";

import type { Slo } from "./model.ts";
import { recordingRules } from "./records.ts";

/**
 * Everything that Prometheus evaluates for an SLO, as one group: the records first, in the order that they build upon each
 * other, then the alerts, so that an alert sees this moment's records.
 */
export function ruleGroup(slo: Slo, scrapeInterval: Duration, links: RunbookLinks): RuleGroup {
  return {
    // With a dot, which no name of a service or objective has: `shop` with `api-latency` is not `shop-api` with `latency`.
    name: `service-${slo.service}.${slo.name}`,
    // Whatever else Prometheus does: each step between two scrapes has to be recorded, and once.
    interval: scrapeInterval,
    rules: [...recordingRules(slo, scrapeInterval), ...alertingRules(slo, scrapeInterval, links)],
  };
}
