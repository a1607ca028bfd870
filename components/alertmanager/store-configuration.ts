import { stringify } from "yaml";
import { seconds } from "../core/duration.ts";
import { renderRoute, timeIntervals } from "./configuration.ts";
import { inhibitRules } from "./inhibition.ts";
import { linked, PLAIN, said, summary, told } from "./message-text.ts";
import { SUBJECT } from "./notifications.ts";
import { PAGERDUTY, type Receiver, sns } from "./receivers.ts";
import { type Route, routingTree } from "./routing.ts";
import {
  type AlertmanagerSettings,
  NULL_RECEIVER,
  type ReceiverSettings,
  regionOfTopic,
} from "./settings.ts";

// The same routes for the alert manager of Amazon Managed Service for Prometheus, which is Cortex': no file, no path, no secret.
// https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-config.html

/** What its configuration needs to know beside the settings. */
export interface StoreRouting {
  readonly settings: AlertmanagerSettings;
  readonly environment: string;
  /** The ARN of the topic that takes the heartbeats of the store. */
  readonly heartbeatTopic: string;
}

/** The definition: the configuration and the templates that it names, in one YAML. Holds no secret. */
export function renderStoreAlertmanager(routing: StoreRouting): string {
  return stringify(
    {
      template_files: { bellwether: templates(routing.environment) },
      alertmanager_config: stringify(configuration(routing), { lineWidth: 0, aliasDuplicateObjects: false }),
    },
    { lineWidth: 0 },
  );
}

function configuration(routing: StoreRouting) {
  const { settings } = routing;
  return {
    templates: ["bellwether"],
    route: renderRoute(routingTree(settings)),
    inhibit_rules: inhibitRules(settings),
    receivers: receivers(routing),
    ...timeIntervals(settings),
  };
}

function receivers(routing: StoreRouting): readonly Receiver[] {
  const { settings } = routing;
  const names = Object.keys(settings.receivers).sort();
  return [
    { name: NULL_RECEIVER },
    ...names.map((name) => ({ name, ...integration(settings.receivers[name] as ReceiverSettings, routing) })),
  ];
}

// stacks/rules refuses every other type that a route names; one that no route names is no receiver of anybody.
function integration(receiver: ReceiverSettings, { heartbeatTopic }: StoreRouting) {
  switch (receiver.type) {
    case "pagerduty":
      return {
        pagerduty_configs: [
          {
            send_resolved: true,
            routing_key: {
              aws_secrets_manager: {
                secret_arn: receiver.routingKeyArn,
                secret_key: "routing_key",
                // How long a key that was replaced is still used.
                refresh_interval: "5m",
              },
            },
            ...PAGERDUTY,
          },
        ],
      };
    case "sns":
      return { sns_configs: [sns(receiver, true)] };
    case "aws-heartbeat":
      return {
        sns_configs: [
          {
            send_resolved: false,
            sigv4: { region: regionOfTopic(heartbeatTopic) },
            topic_arn: heartbeatTopic,
            subject: "Watchdog",
            message: "The alert Watchdog fires, as it always should.",
          },
        ],
      };
    default:
      return {};
  }
}

/** Routes in all, the root included. */
export function countRoutes(settings: AlertmanagerSettings): number {
  const count = ({ routes }: Route): number => routes.reduce((sum, route) => sum + count(route), 1);
  return count(routingTree(settings));
}

/** The longest time after which a notification is repeated, in seconds. */
export function longestRepeat(settings: AlertmanagerSettings): number {
  const longest = ({ grouping, routes }: Route): number =>
    Math.max(grouping === undefined ? 0 : seconds(grouping.repeatInterval), ...routes.map(longest));
  return longest(routingTree(settings));
}

/** The first alerts of a message: SNS takes 256 KiB, and a pager shows a few lines. */
const MOST = 10;

/** Without functions that only newer versions of Alertmanager have: which version AWS runs is not published. */
function templates(environment: string): string {
  const link = (name: string, text: string) => linked(`.Annotations.${name}`, `${text}: {{ . }}\n`);
  return `{{ define "bellwether.severity" -}}
{{ if ne .Status "firing" }}RESOLVED{{ else }}{{ with .CommonLabels.severity }}{{ . | toUpper }}{{ else }}ALERT{{ end }}{{ end }}
{{- end }}

{{ define "bellwether.title" -}}
[@environment@] {{ template "bellwether.severity" . }}
{{- with .CommonLabels.alertname }} ${said(".", 100, PLAIN)}{{ else }} several alerts{{ end }}
{{- with .CommonLabels.service }} ${said(".", 100, PLAIN)}{{ end }}
{{- end }}

${SUBJECT}

{{ define "bellwether.runbook" }}${linked("(index .Alerts 0).Annotations.runbook_url", "{{ . }}")}{{ end }}

{{ define "bellwether.dashboard" }}${linked("(index .Alerts 0).Annotations.dashboard_url", "{{ . }}")}{{ end }}

{{ define "bellwether.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index ${MOST} -}}
{{ if eq .Status "resolved" }}Resolved: {{ end }}${summary(PLAIN)}
{{ with .Annotations.description }}${told(".", PLAIN)}
{{ end -}}
${link("runbook_url", "Runbook")}${link("dashboard_url", "Dashboard")}Since: {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}
Labels:{{ range .Labels.SortedPairs }} {{ .Name }}=${said(".Value", 100, PLAIN)}{{ end }}

{{ end }}{{ end -}}
{{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved
{{- end }}

{{ define "bellwether.pagerduty.text" -}}
{{ .Alerts.Firing | len }} firing, {{ .Alerts.Resolved | len }} resolved

{{ template "bellwether.text" . }}
{{- end }}

{{ define "bellwether.pagerduty.severity" -}}
{{ if match "^(critical|error|warning|info)$" .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}
`.replaceAll("@environment@", environment);
}
