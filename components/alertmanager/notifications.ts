/** The file that holds the texts of notifications, beside the configuration that uses them. */
export const TEMPLATES_FILE = "bellwether.tmpl";

const ENVIRONMENT = "@environment@";

/**
 * The texts of notifications, in Alertmanager's template language. The title has environment, severity, alert and service,
 * because a phone shows only the title; the text has the summary, the description and the links of each alert.
 *
 * Annotations that are read: `summary`, `description`, `runbook_url`, `dashboard_url`.
 */
export function renderNotificationTemplates(environment: string): string {
  return TEMPLATES.replaceAll(ENVIRONMENT, environment);
}

const TEMPLATES = `{{- /* Environment, severity, alert, service: [prod] CRITICAL SLOErrorBudgetBurnFast storefront (2 alerts) */ -}}
{{ define "bellwether.title" -}}
[@environment@] {{ template "bellwether.severity" . }} {{ with .CommonLabels.alertname }}{{ . }}{{ else }}several alerts{{ end }}
{{- with .CommonLabels.service }} {{ . }}{{ else }}{{ with .CommonLabels.namespace }} {{ . }}{{ end }}{{ end }}
{{- if eq .Status "firing" }}{{ if gt (len .Alerts.Firing) 1 }} ({{ len .Alerts.Firing }} alerts){{ end }}{{ end }}
{{- end }}

{{ define "bellwether.severity" -}}
{{ if ne .Status "firing" }}RESOLVED{{ else }}{{ with .CommonLabels.severity }}{{ . | toUpper }}{{ else }}ALERT{{ end }}{{ end }}
{{- end }}

{{ define "bellwether.runbook" }}{{ (index .Alerts 0).Annotations.runbook_url }}{{ end }}

{{ define "bellwether.dashboard" }}{{ (index .Alerts 0).Annotations.dashboard_url }}{{ end }}

{{ define "bellwether.text" -}}
{{ range .Alerts -}}
{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
{{ end -}}
{{ with .Annotations.runbook_url }}Runbook: {{ . }}
{{ end -}}
{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}
{{ end -}}
Since: {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}
Labels:{{ range .Labels.SortedPairs }} {{ .Name }}={{ .Value }}{{ end }}

{{ end }}
{{- end }}

{{ define "bellwether.slack.text" -}}
{{ range .Alerts -}}
{{ if eq .Status "resolved" }}:white_check_mark: {{ end }}*{{ .Annotations.summary }}*
{{ with .Annotations.description }}{{ . }}
{{ end -}}
{{ with .Annotations.runbook_url }}<{{ . }}|Runbook>  {{ end }}{{ with .Annotations.dashboard_url }}<{{ . }}|Dashboard>  {{ end }}
{{- range .Labels.SortedPairs }}\`{{ .Name }}={{ .Value }}\` {{ end }}

{{ end }}
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

{{- /* PagerDuty knows critical, error, warning and info. What reaches it without a severity is an error of ours. */ -}}
{{ define "bellwether.pagerduty.severity" -}}
{{ with .CommonLabels.severity }}{{ . }}{{ else }}error{{ end }}
{{- end }}

{{ define "bellwether.email.html" -}}
<!doctype html>
<html lang="en">
<body style="font-family: sans-serif; max-width: 45em">
<h1 style="font-size: 1.2em">{{ template "bellwether.title" . }}</h1>
{{ range .Alerts -}}
<h2 style="font-size: 1em">{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ .Annotations.summary }}</h2>
{{ with .Annotations.description }}<p>{{ . }}</p>{{ end }}
<p>{{ with .Annotations.runbook_url }}<a href="{{ . }}">Runbook</a> {{ end }}
{{- with .Annotations.dashboard_url }}<a href="{{ . }}">Dashboard</a>{{ end }}</p>
<p>Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}</p>
<table>
{{ range .Labels.SortedPairs }}<tr><th align="left">{{ .Name }}</th><td>{{ .Value }}</td></tr>
{{ end }}</table>
{{ end }}
</body>
</html>
{{- end }}
`;
