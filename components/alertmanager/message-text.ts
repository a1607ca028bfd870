// How texts of alerts become parts of a message, in the template language that Alertmanager and Grafana share.

/** A message shows so many alerts. It says how many more there are, and links to them. */
export const MOST_SHOWN = 10;

/** Stages of a template's pipeline. */
export type Filter = string;

/** Runs of blanks and line breaks as one space: a title, a summary and a label are one line. */
const ONE_LINE: Filter = String.raw`reReplaceAll "[ \t\r\n]+" " "`;

/** At most so many characters, the last of them an ellipsis if there were more. */
const cut = (most: number): Filter => `reReplaceAll "(?s)^(.{${most - 1}}).{2,}$" "$1…"`;

/** What Slack takes for a mention, a link or an entity: https://docs.slack.dev/messaging/formatting-message-text#escaping */
const SLACK: Filter = 'reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"';

/** A URL within `<url|text>`. */
export const SLACK_URL: Filter =
  'reReplaceAll "<" "%3C" | reReplaceAll ">" "%3E" | reReplaceAll "[|]" "%7C" | reReplaceAll "&" "&amp;"';

/** How a receiver writes texts. */
export interface Style {
  readonly escapes: readonly Filter[];
}

export const PLAIN: Style = { escapes: [] };
export const CHAT: Style = { escapes: [SLACK] };

/** A value, cut to a length and escaped. */
export const said = (value: string, most: number, { escapes }: Style) =>
  `{{ ${[value, ONE_LINE, cut(most), ...escapes].join(" | ")} }}`;

/** A text of several lines, cut and escaped. */
export const told = (value: string, { escapes }: Style) =>
  `{{ ${[value, cut(500), ...escapes].join(" | ")} }}`;

/** `content` for an annotation that is a web link of reasonable length: as a link in Slack, `!channel` would be a mention. */
export const linked = (url: string, content: string) =>
  String.raw`{{ with ${url} }}{{ if match "^https?://[^ \t\r\n]{1,500}$" . }}${content}{{ end }}{{ end }}`;

/** How many alerts are not shown. */
export const notShown = (alerts: string) =>
  `{{ len (slice ${alerts} ${MOST_SHOWN}) }} more alerts are not shown.`;

/** The summary on one line; without one, the name. */
export const summary = (style: Style) =>
  `{{ with .Annotations.summary }}${said(".", 200, style)}{{ else }}${said(".Labels.alertname", 200, style)}{{ end }}`;
