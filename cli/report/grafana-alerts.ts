import { grafanaUrl } from "../../components/grafana/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { RecordedGrafanaAlert } from "../artefacts/grafana-alerts.ts";
import { type AlertRow, webLink } from "./model.ts";

/** The alerts that Grafana evaluates, as rows among the others. It tells people itself, and not by way of Alertmanager. */
export function grafanaRows(
  alerts: readonly RecordedGrafanaAlert[],
  settings: Environment["grafana"],
): readonly AlertRow[] {
  const root = grafanaUrl(settings);
  return alerts.map(({ name, for: held, labels, annotations, condition, contactPoint }) => {
    const { __dashboardUid__: uid, __panelId__: panel } = annotations;
    return {
      name,
      severity: labels["severity"] ?? "none",
      team: labels["team"] ?? "",
      service: undefined,
      by: "Grafana",
      for: held,
      summary: annotations["summary"] ?? "",
      receivers: [{ name: contactPoint ?? "the notification policy", kind: "Grafana" }],
      runbookUrl: webLink(annotations["runbook_url"]),
      dashboardUrl:
        root === undefined || uid === undefined
          ? undefined
          : webLink(`${root}/d/${uid}?viewPanel=${panel ?? ""}`),
      expr: condition,
      problem: undefined,
    };
  });
}
