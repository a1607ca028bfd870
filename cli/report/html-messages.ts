import type { Mail, Message, PagerDutyMessage, SlackMessage } from "../messages/message.ts";
import type { ReceivedMessage } from "../messages/previewed.ts";
import type { AlertRow } from "./alerts.ts";
import { type Content, type Html, html } from "./markup.ts";
import { withBlanks } from "./sentences.ts";

/**
 * The messages of an alert as they arrive: with the labels and values of its first test, or, from Grafana, with a blank for what Grafana
 * fills in.
 */
export function messagesOf({ messages, by }: Pick<AlertRow, "messages" | "by">): Content {
  return messages.map((received) => figure(received, by));
}

/** Draws a text that is no markup. */
type Draw = (text: string) => Content;

const asIs: Draw = (text) => text;
const withValues: Draw = (text) =>
  withBlanks(text).map((part) =>
    "text" in part ? part.text : html`<span class="blank">${part.blank}</span>`,
  );

function figure({ receiver, message }: ReceivedMessage, by: AlertRow["by"]): Html {
  const values =
    by === "Grafana"
      ? "from Grafana, which replaces the words in italics"
      : "with the labels and values of the alert's first test";
  return html`<figure class="message ${message.type}"><figcaption>Message to ${receiver}, ${values}</figcaption>
${messageHtml(message, by)}</figure>
`;
}

/** A message as it looks at its receiver. */
export function messageHtml(message: Message, by: AlertRow["by"]): Html {
  const draw = by === "Grafana" ? withValues : asIs;
  switch (message.type) {
    case "slack":
      return slack(message, draw);
    case "pagerduty":
      return pagerduty(message, draw);
    case "email":
      return mail(message, draw);
    case "topic":
      return html`<div><p class="from">${message.topic}</p><p class="body">${message.text}</p></div>`;
    case "webhook":
      return html`<div>The JSON of ${by === "Grafana" ? by : "Alertmanager"} with all alerts of the group.</div>`;
  }
}

function slack({ username, channel, color, title, titleLink, text }: SlackMessage, draw: Draw): Html {
  const plain = unescaped(title);
  return html`<div><p class="from"><strong>${username}</strong> in ${channel}</p><div class="attachment ${color}"><div class="title">${titleLink === "" ? plain : html`<a href="${titleLink}">${plain}</a>`}</div><p class="body">${markup(text.trim(), draw)}</p></div></div>`;
}

/** What Slack's markup may hold in messages of ours: links, code, bold text and one emoji. */
const MARKUP =
  /<(?<url>[^|>]+)\|(?<label>[^>]*)>|`(?<code>[^`\n]+)`|\*(?<bold>[^*\n]+)\*|(?<done>:white_check_mark:)/g;

function markup(text: string, draw: Draw): Content {
  const parts: Content[] = [];
  let at = 0;
  for (const { index, 0: whole, groups = {} } of text.matchAll(MARKUP)) {
    parts.push(draw(unescaped(text.slice(at, index))), marked(groups));
    at = index + whole.length;
  }
  return [...parts, draw(unescaped(text.slice(at)))];
}

function marked({ url, label, code, bold }: Readonly<Record<string, string | undefined>>): Content {
  if (url !== undefined) return html`<a href="${unescaped(url)}">${unescaped(label ?? "")}</a>`;
  if (code !== undefined) return html`<code>${unescaped(code)}</code>`;
  return bold === undefined ? "✅" : html`<strong>${unescaped(bold)}</strong>`;
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function pagerduty(event: PagerDutyMessage, draw: Draw): Html {
  const { summary, severity, source, component, group, client, clientUrl, links } = event;
  const { text = "", ...details } = event.details;
  const fields = { severity, source, component, group, class: event.class, ...details };
  const shown = Object.entries(fields).filter(([, value]) => value !== "");
  const all = [...(clientUrl === "" ? [] : [{ text: `View in ${client}`, href: clientUrl }]), ...links];
  return html`<div><p class="from"><strong>PagerDuty</strong> incident</p><div class="title">${summary}</div><p class="from">${shown.map(([name, value]) => `${name} ${value}`).join(", ")}</p><p class="body">${draw(String(text).trim())}</p>${all.map((link) => html`<a href="${link.href}">${link.text}</a> `)}</div>`;
}

function mail({ subject, from, to, text }: Mail, draw: Draw): Html {
  return html`<div><p class="from"><strong>${from}</strong> to ${to}</p><div class="title">${subject}</div><p class="body">${draw(text.trim())}</p></div>`;
}
