import { stringify } from "yaml";
import { intervalName, timeInterval } from "./hours.ts";
import { inhibitRules } from "./inhibition.ts";
import { renderReceivers } from "./receivers.ts";
import { type Matcher, type Route, routingTree } from "./routing.ts";
import type { AlertmanagerSettings } from "./settings.ts";

/** The ConfigMap with the texts of notifications; the operator mounts it by this name. */
export const TEMPLATES_CONFIG_MAP = "alertmanager-templates";

/**
 * Alertmanager's configuration as YAML. It holds no secret. The templates that it names are at their place in the pod;
 * amtool accepts that they are missing elsewhere.
 */
export function renderAlertmanagerConfig(settings: AlertmanagerSettings, environment: string): string {
  const config = {
    // An alert that Prometheus no longer mentions is resolved after this long. Prometheus always says when it ends.
    global: { resolve_timeout: "5m" },
    templates: [`/etc/alertmanager/configmaps/${TEMPLATES_CONFIG_MAP}/*.tmpl`],
    route: renderRoute(routingTree(settings)),
    inhibit_rules: inhibitRules(settings),
    receivers: renderReceivers(settings),
    ...timeIntervals(settings),
  };
  return `# Alertmanager's configuration for ${environment}, rendered by Bellwether.\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

export function timeIntervals({ teams }: AlertmanagerSettings) {
  const intervals = Object.entries(teams)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([team, { hours }]) =>
      hours?.warning === undefined ? [] : [timeInterval(team, hours.warning)],
    );
  return intervals.length > 0 ? { time_intervals: intervals } : {};
}

export function renderRoute({
  matchers,
  receiver,
  grouping,
  hours,
  routes,
  ...route
}: Route): Record<string, unknown> {
  return {
    ...(matchers.length > 0 ? { matchers: matchers.map(renderMatcher) } : {}),
    ...(receiver === undefined ? {} : { receiver }),
    ...(grouping === undefined
      ? {}
      : {
          group_by: grouping.groupBy,
          group_wait: grouping.groupWait,
          group_interval: grouping.groupInterval,
          repeat_interval: grouping.repeatInterval,
        }),
    ...(hours === undefined ? {} : { active_time_intervals: [intervalName(hours.team)] }),
    ...(route.continue === true ? { continue: true } : {}),
    ...(routes.length > 0 ? { routes: routes.map(renderRoute) } : {}),
  };
}

/** Values are words of ours or DNS labels, so neither quoting nor a regular expression needs escapes. */
function renderMatcher({ label, values }: Matcher): string {
  return values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join("|")}"`;
}
