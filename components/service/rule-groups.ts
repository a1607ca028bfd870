import type { Duration } from "../core/duration.ts";
import type { RuleGroup } from "../core/rules.ts";
import type { RunbookLinks } from "../slo/annotations.ts";
import { ruleGroup } from "../slo/rules.ts";
import { availablePodsRules } from "./available-pods.ts";
import { type Service, serviceIn, slosOf } from "./model.ts";
import { ownAlertsName } from "./names.ts";
import { ownAlertRules } from "./own-alerts/rules.ts";
import { ruleFileGroups } from "./rule-files/rules.ts";
import { intervalOf } from "./scraping.ts";

/** What the rules of a service are made of beside the service. */
export interface RuleGroupContext extends RunbookLinks {
  /** Left out: the objectives where the service says nothing else. */
  readonly environment?: string;
  readonly scrapeInterval: Duration;
}

/**
 * A rule group for each objective of a service, in their order; the first also has the rules about the service's pods. Then come the
 * alerts of the team, and the groups of its rule files.
 */
export function ruleGroupsOf(service: Service, context: RuleGroupContext): readonly RuleGroup[] {
  const { environment } = context;
  const scrapeInterval = intervalOf(serviceIn(service, environment), context.scrapeInterval);
  const ofObjectives = slosOf(service, environment).map((slo, index) => {
    const group = ruleGroup(slo, scrapeInterval, context);
    if (index > 0) return group;
    return { ...group, rules: [...group.rules, ...availablePodsRules(service, environment, context)] };
  });
  const own = ownAlertRules(service, environment, context);
  return [
    ...ofObjectives,
    ...(own.length === 0 ? [] : [{ name: ownAlertsName(service), interval: scrapeInterval, rules: own }]),
    ...ruleFileGroups(service, scrapeInterval, context),
  ];
}
