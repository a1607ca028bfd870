import type { RecordedGrafanaAlert } from "../artefacts/grafana-alerts.ts";
import type { GrafanaIntegration } from "../artefacts/grafana-contacts.ts";
import { templateData } from "./data.ts";
import { execute } from "./execution.ts";
import type { Message } from "./message.ts";
import { parseTemplate } from "./syntax.ts";

/**
 * What a contact point of Grafana sends for an alert, as far as the environment says it. Labels and values are known only when the alert
 * fires, so the annotations are the templates of the rule. What Grafana adds itself is left out: the link to the rule, and its own fields.
 */
export function grafanaMessage(
  { name, labels, annotations }: Pick<RecordedGrafanaAlert, "name" | "labels" | "annotations">,
  { type, settings, details }: GrafanaIntegration,
): Message {
  const alert = {
    status: "firing" as const,
    labels: { ...labels, alertname: name },
    annotations,
    startsAt: new Date(0),
  };
  const data = templateData({ alerts: [alert], groupLabels: {}, externalUrl: "" });
  const filled = (template = "") => execute(parseTemplate(template), data, new Map());
  switch (type) {
    case "slack":
      return {
        type,
        channel: settings["recipient"] ?? "",
        username: settings["username"] ?? "",
        // Grafana's colour of what fires is red, whatever its severity.
        color: "danger",
        title: filled(settings["title"]),
        titleLink: "",
        text: filled(settings["text"]),
      };
    case "pagerduty":
      return {
        type,
        summary: filled(settings["summary"]),
        severity: settings["severity"] ?? "",
        source: "",
        class: "",
        component: "",
        group: filled(settings["group"]),
        client: settings["client"] ?? "",
        clientUrl: "",
        links: [],
        details: { text: filled(details["firing"]) },
      };
    case "email":
      return {
        type,
        to: settings["addresses"] ?? "",
        from: "Grafana",
        subject: filled(settings["subject"]),
        text: filled(settings["message"]),
      };
    default:
      return { type: "webhook" };
  }
}
