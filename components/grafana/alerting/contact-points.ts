import {
  CHAT,
  linked,
  MOST_SHOWN,
  notShown,
  PLAIN,
  type Style,
  said,
  summary,
  told,
} from "../../alertmanager/message-text.ts";
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
  /** PagerDuty's custom details; they are among the settings. */
  readonly details?: Readonly<Record<string, string>>;
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
  const title = titleOf(environment, PLAIN);
  switch (settings.type) {
    case "pagerduty":
      return {
        ...common,
        type: "pagerduty",
        settings: { severity, summary: title, client: "Bellwether", group: "{{ .CommonLabels.team }}" },
        // The details that Grafana adds otherwise list every label and annotation of every alert.
        details: { firing: textOf(PLAIN, ".Alerts.Firing"), resolved: textOf(PLAIN, ".Alerts.Resolved") },
        ...(secret && { secret: { setting: "integrationKey", name: secret } }),
      };
    case "slack":
      return {
        ...common,
        type: "slack",
        settings: {
          recipient: settings.channel,
          username: "Bellwether",
          title: titleOf(environment, CHAT),
          text: textOf(CHAT),
        },
        ...(secret && { secret: { setting: "url", name: secret } }),
      };
    case "email":
      return {
        ...common,
        type: "email",
        settings: { addresses: settings.to.join(";"), subject: title, message: textOf(PLAIN) },
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
    case "sns":
      // reachable() leaves it out.
      throw new Error("a topic of SNS is no contact point");
    case "aws-heartbeat":
      // stacks/rules refuses it for a team.
      throw new Error("a heartbeat is no contact point");
  }
}

/** Environment, state and alert: `[prod] FIRING AwsNatPortsExhausted (2 alerts)`. */
const titleOf = (environment: string, style: Style) =>
  `[${environment}] {{ .Status | toUpper }} ${said(".CommonLabels.alertname", 100, style)}{{ if gt (len .Alerts.Firing) 1 }} ({{ len .Alerts.Firing }} alerts){{ end }}`;

/** Summary, description and runbook of the first alerts, and where the others are. */
const textOf = (style: Style, alerts = ".Alerts") =>
  [
    `{{ range $index, $alert := ${alerts} }}{{ if lt $index ${MOST_SHOWN} }}{{ if eq .Status "resolved" }}Resolved: {{ end }}${summary(style)}`,
    `{{ with .Annotations.description }}${told(".", style)}`,
    `{{ end }}${linked(".Annotations.runbook_url", `Runbook: {{ . ${style.escapes.map((filter) => `| ${filter} `).join("")}}}\n`)}`,
    `{{ end }}{{ end }}{{ if gt (len ${alerts}) ${MOST_SHOWN} }}${notShown(alerts)} All alerts: {{ .ExternalURL | reReplaceAll "/$" "" }}/alerting/groups?alertmanager=grafana`,
    "{{ end }}",
  ].join("\n");
