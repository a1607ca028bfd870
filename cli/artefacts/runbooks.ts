import { OWN_ALERTS_ENDING, RULE_FILES } from "../../components/service/names.ts";
import { ownRunbook } from "../../components/service/own-alerts/runbook.ts";
import type { RecordedAlert } from "./alerting.ts";
import type { ProvenAlerts } from "./proven.ts";

/** The pages of the alerts that teams define, by file name; none for an alert whose runbook has a URL of its own. */
export function ownRunbooks(
  alerts: readonly RecordedAlert[],
  proven: ProvenAlerts,
): ReadonlyMap<string, string> {
  const own = alerts.filter(
    ({ rule, name, annotations }) =>
      (rule.endsWith(OWN_ALERTS_ENDING) || rule.includes(RULE_FILES)) &&
      annotations["runbook_url"]?.endsWith(`/${name}.md`) === true,
  );
  return new Map(
    own.map(({ rule, name, expr, for: held, keepFiringFor, labels, annotations }) => [
      `${name}.md`,
      ownRunbook({
        name,
        expr,
        for: held,
        keepFiringFor,
        service: labels["service"] ?? "",
        team: labels["team"] ?? "",
        severity: labels["severity"] ?? "",
        summary: annotations["summary"] ?? "",
        description: annotations["description"] ?? "",
        cases: proven.casesOf(rule, name),
        isFromFile: rule.includes(RULE_FILES),
      }),
    ]),
  );
}
