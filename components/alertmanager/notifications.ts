import {
  CHAT,
  type Filter,
  linked,
  MOST_SHOWN,
  notShown,
  PLAIN,
  SLACK_URL,
  type Style,
  said,
  summary,
  told,
} from "./message-text.ts";

/** The file that holds the texts of notifications, beside the configuration that uses them. */
export const TEMPLATES_FILE = "bellwether.tmpl";

/** What notifications need to know of the environment. */
export interface NotificationContext {
  /** The environment's name, which every notification starts with. */
  readonly environment: string;
  /** Whether Alertmanager has a URL that the reader can open. Without one it puts its own host name into links. */
  readonly externalUrl: boolean;
  /** The page that lists all firing alerts, where Alertmanager itself cannot be opened. */
  readonly alertsUrl?: string | undefined;
}

/**
 * The texts of notifications, in Alertmanager's template language. The title has environment, severity, alert and service,
 * because a phone shows only the title; the text has the summary, the description and the labels of each alert, and the links.
 *
 * Annotations that are read: `summary`, `description`, `runbook_url`, `dashboard_url`. Each text is cut to a length, so that no alert
 * makes a message that a receiver cuts or rejects, and escaped for its receiver.
 */
export function renderNotificationTemplates(context: NotificationContext): string {
  return `${TEMPLATES.replaceAll("@environment@", context.environment)}
${listTemplates(context)}`;
}

/** The links of one alert, or those that all alerts of the group have in common. */
const links = (annotations: string, write: (url: string, text: string) => string) =>
  [["runbook_url", "Runbook"] as const, ["dashboard_url", "Dashboard"] as const]
    .map(([key, text]) => linked(`${annotations}.${key}`, write(key, text)))
    .join("");

/** The links that only some alerts of the group have, beside each. */
const ownLinks = (write: (url: string, text: string) => string) =>
  [["runbook_url", "Runbook"] as const, ["dashboard_url", "Dashboard"] as const]
    .map(
      ([key, text]) =>
        `{{ if ne .Annotations.${key} $common.${key} }}${linked(`.Annotations.${key}`, write(key, text))}{{ end }}`,
    )
    .join("");

const plainLink = (_: string, text: string) => `${text}: {{ . }}\n`;
const slackLink = (_: string, text: string) => `<{{ . | ${SLACK_URL} }}|${text}>  `;
const mailLink = (_: string, text: string) => `<a href="{{ . }}">${text}</a> `;

/** The title: where, severity, what and of which service. */
const title = (style: Style) => `[@environment@] {{ template "bellwether.severity" . }}
{{- with .CommonLabels.alertname }} ${said(".", 100, style)}{{ else }} several alerts{{ end }}
{{- with .CommonLabels.service }} ${said(".", 100, style)}{{ else }}{{ with .CommonLabels.namespace }} ${said(".", 100, style)}{{ end }}{{ end }}
{{- if eq .Status "firing" }}{{ if gt (len .Alerts.Firing) 1 }} ({{ len .Alerts.Firing }} alerts){{ end }}{{ end }}`;

/** The alerts of a group in the order of a message, those that fire first, and what the links have in common. */
const ORDERED = `{{ $common := .CommonAnnotations }}{{ $alerts := list -}}
{{ range .Alerts.Firing }}{{ $alerts = append $alerts . }}{{ end -}}
{{ range .Alerts.Resolved }}{{ $alerts = append $alerts . }}{{ end -}}`;

/** `content` for each alert that is shown. */
const shown = (content: string) =>
  `{{ range $index, $alert := $alerts }}{{ if lt $index ${MOST_SHOWN} -}}
${content}
{{ end }}{{ end -}}`;

/** `content` if there are more alerts than are shown. */
const more = (content: string) => `{{ if gt (len .Alerts) ${MOST_SHOWN} }}${content}{{ end -}}`;

/** The first labels of an alert: any number of them would make a message of any length. */
const labels = (content: string) =>
  `{{ range $position, $label := .Labels.SortedPairs }}{{ if lt $position 20 }}${content}{{ end }}{{ end }}`;

const SINCE = '{{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}';

/** A subject of SNS: names of alerts and services are ASCII, and shorter than what is left of the hundred characters. */
export const SUBJECT = `{{ define "bellwether.sns.subject" -}}
[@environment@] {{ template "bellwether.severity" . }}
{{- with .CommonLabels.alertname }} {{ printf "%.40s" . }}{{ else }} several alerts{{ end }}
{{- with .CommonLabels.service }} {{ printf "%.20s" . }}{{ end }}
{{- end }}`;

const TEMPLATES = `{{- /* Environment, severity, alert, service: [prod] CRITICAL SLOErrorBudgetBurnFast storefront (2 alerts) */ -}}
{{ define "bellwether.title" -}}
${title(PLAIN)}
{{- end }}

{{- /* SNS refuses a subject of more than 100 characters, with a line break or outside ASCII. */ -}}
${SUBJECT}

{{ define "bellwether.slack.title" -}}
${title(CHAT)}
{{- end }}

{{ define "bellwether.severity" -}}
{{ if ne .Status "firing" }}RESOLVED{{ else }}{{ with .CommonLabels.severity }}{{ . | toUpper }}{{ else }}ALERT{{ end }}{{ end }}
{{- end }}

{{ define "bellwether.runbook" }}${linked("(index .Alerts 0).Annotations.runbook_url", "{{ . }}")}{{ end }}

{{ define "bellwether.dashboard" }}${linked("(index .Alerts 0).Annotations.dashboard_url", "{{ . }}")}{{ end }}

{{ define "bellwether.text" -}}
${ORDERED}
${shown(`{{ if eq .Status "resolved" }}Resolved: {{ end }}${summary(PLAIN)}
{{ with .Annotations.description }}${told(".", PLAIN)}
{{ end -}}
${ownLinks(plainLink)}Since: ${SINCE}
Labels:${labels(` {{ $label.Name }}=${said("$label.Value", 100, PLAIN)}`)}
`)}
${more(`${notShown(".Alerts")} {{ template "bellwether.list" . }}
`)}
${links("$common", plainLink)}
{{- end }}

{{ define "bellwether.slack.text" -}}
${ORDERED}
${shown(`{{ if eq .Status "resolved" }}:white_check_mark: {{ end }}*${summary(CHAT)}*
{{ with .Annotations.description }}${told(".", CHAT)}
{{ end -}}
{{- /* A backtick would end the code that a label is shown as. */ -}}
${ownLinks(slackLink)}${labels(`\`{{ $label.Name }}=${said('$label.Value | reReplaceAll "`" "\'"', 100, CHAT)}\` `)}
`)}
${more(`${notShown(".Alerts")} {{ template "bellwether.slack.list" . }}
`)}
${links("$common", slackLink)}
{{- end }}

{{ define "bellwether.slack.color" -}}
{{ if ne .Status "firing" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}
{{- end }}

{{- /* Alertmanager takes a detail that is YAML for data, and its values for templates: "Since: ..." on every line would be a map. Behind
a line without a colon nothing is one, whatever an alert says. */ -}}
{{ define "bellwether.pagerduty.text" -}}
{{ .Alerts.Firing | len }} firing, {{ .Alerts.Resolved | len }} resolved

{{ template "bellwether.text" . }}
{{- end }}

{{- /* PagerDuty rejects an event with another severity. What reaches it with none of these is an error of ours. */ -}}
{{ define "bellwether.pagerduty.severity" -}}
{{ if match "^(critical|error|warning|info)$" .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}

{{ define "bellwether.email.html" -}}
<!doctype html>
<html lang="en">
<body style="font-family: sans-serif; max-width: 45em">
<h1 style="font-size: 1.2em">{{ template "bellwether.title" . }}</h1>
${ORDERED}
${shown(`<h2 style="font-size: 1em">{{ if eq .Status "resolved" }}Resolved: {{ end }}${summary(PLAIN)}</h2>
{{ with .Annotations.description }}<p>${told(".", PLAIN)}</p>{{ end }}
<p>${ownLinks(mailLink)}Since ${SINCE}</p>
<table>
${labels(`<tr><th align="left">{{ $label.Name }}</th><td>${said("$label.Value", 100, PLAIN)}</td></tr>
`)}</table>`)}
${more(`<p>${notShown(".Alerts")} {{ template "bellwether.email.list" . }}</p>
`)}
<p>${links("$common", mailLink)}</p>
</body>
</html>
{{- end }}
`;

/** Alertmanager's own page for the labels that the group has in common; `encode` is the rest of the pipeline of each. */
const groupUrl = (encode: Filter) =>
  `{{ .ExternalURL }}/#/alerts?filter=%7B{{ range $index, $label := .GroupLabels.SortedPairs }}{{ if $index }}%2C{{ end }}{{ printf "%s=%q" $label.Name $label.Value${encode} }}{{ end }}%7D`;

/** Where the alerts are that a message does not show. */
function listTemplates({ externalUrl, alertsUrl }: NotificationContext): string {
  const other = alertsUrl?.replaceAll("&", "&amp;");
  // In a template for HTML, what is within a link's query is encoded anyway, and the function is forbidden.
  const url = externalUrl ? groupUrl(' | urlquery | reReplaceAll "[+]" "%20"') : other;
  const inMail = externalUrl ? groupUrl("") : other;
  const texts = {
    list: externalUrl ? `All alerts: ${url}` : alertsUrl && `All alerts: ${alertsUrl}`,
    "slack.list": url && `<${url}|All alerts>`,
    "email.list": inMail && `<a href="${inMail}">All alerts</a>`,
  };
  return Object.entries(texts)
    .map(([name, text = ""]) => `{{ define "bellwether.${name}" }}${text}{{ end }}\n`)
    .join("");
}
