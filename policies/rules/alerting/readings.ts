import { parsedQuery } from "../../../components/promql/parse.ts";
import { type ResourceView, TYPES } from "../resource.ts";
import { judge } from "../violation.ts";
import { ALERTMANAGER_CONFIG_KEY, parseRouting } from "./routing.ts";

/**
 * What of a resource the policies on the whole stack will read: the queries of rules, and the routes of Alertmanager. Each is read once in a
 * process, so that calling one of these ahead spares the policies the time. What is not known yet is left out.
 */
export function readingsOf({ type, properties }: ResourceView): (() => void)[] {
  const readings: (() => void)[] = [];
  judge(() => {
    if (type === TYPES.secret) {
      const routes = properties.at("stringData", ALERTMANAGER_CONFIG_KEY).text();
      if (routes !== undefined) readings.push(() => void parseRouting(routes));
    }
    if (type !== TYPES.prometheusRule) return;
    for (const group of properties.at("spec", "groups").items())
      for (const rule of group.at("rules").items()) {
        const query = rule.at("expr").text();
        if (query !== undefined) readings.push(() => void parsedQuery(query));
      }
  });
  return readings;
}
