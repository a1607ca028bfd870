import type { ReceiverSettings, RoutedSeverity } from "../../alertmanager/model.ts";
import { shortUid } from "../../signals/panels.ts";
import { type AlertingReceivers, secretOfReceiver } from "./model.ts";

/** One integration of a contact point. */
export interface Integration {
  /** Never changed, and unique within the Grafana. */
  readonly uid: string;
  /** The receiver of Alertmanager with the same destination. */
  readonly receiver: string;
  readonly type: "pagerduty" | "slack" | "webhook" | "email";
  /** Settings that are not secret. The provisioning file and the API use the same names. */
  readonly settings: Readonly<Record<string, string>>;
  /** The secret setting, and the name of the secret. */
  readonly secret?: { readonly setting: "integrationKey" | "url"; readonly name: string };
}

/** The contact point of a severity. */
export interface ContactPoint {
  /** Unique within the organisation. Several environments can share an organisation. */
  readonly name: string;
  readonly severity: RoutedSeverity;
  readonly integrations: readonly Integration[];
}

/** One contact point for each severity, with the destinations of Alertmanager's receivers. */
export function contactPoints(receivers: AlertingReceivers, environment: string): readonly ContactPoint[] {
  return (["critical", "warning"] as const).map((severity) => ({
    name: contactPointName(severity, environment),
    severity,
    integrations: Object.entries(receivers[severity])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, receiver]) => integration(name, receiver, severity, environment)),
  }));
}

export function contactPointName(severity: RoutedSeverity, environment: string): string {
  return `Bellwether ${severity} (${environment})`;
}

function integration(
  receiver: string,
  settings: ReceiverSettings,
  severity: RoutedSeverity,
  environment: string,
): Integration {
  const secret = secretOfReceiver(settings);
  const common = { uid: shortUid(`bellwether-${receiver}-${severity}-${environment}`), receiver };
  const title = `[${environment}] {{ .Status | toUpper }} {{ .CommonLabels.alertname }}`;
  switch (settings.type) {
    case "pagerduty":
      return {
        ...common,
        type: "pagerduty",
        settings: { severity, summary: title, client: "Bellwether", group: "{{ .CommonLabels.team }}" },
        ...(secret && { secret: { setting: "integrationKey", name: secret } }),
      };
    case "slack":
      return {
        ...common,
        type: "slack",
        settings: { recipient: settings.channel, username: "Bellwether", title, text: TEXT },
        ...(secret && { secret: { setting: "url", name: secret } }),
      };
    case "email":
      return {
        ...common,
        type: "email",
        settings: { addresses: settings.to.join(";"), subject: title, message: TEXT },
      };
    case "webhook":
      return {
        ...common,
        type: "webhook",
        settings: { httpMethod: "POST" },
        ...(secret && { secret: { setting: "url", name: secret } }),
      };
    case "local-webhook":
      return { ...common, type: "webhook", settings: { httpMethod: "POST", url: settings.url } };
  }
}

/** Summary, description and runbook of each alert. */
const TEXT =
  "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\nRunbook: {{ .Annotations.runbook_url }}\n{{ end }}";
