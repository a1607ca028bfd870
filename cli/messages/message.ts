import { parsedConfiguration } from "../../policies/rules/alerting/configuration.ts";
import { type NotifiedGroup, templateData } from "./data.ts";
import { execute } from "./execution.ts";
import { type Definitions, type Node, parseDefinitions, parseTemplate } from "./syntax.ts";
import { UnknownConstruct } from "./tokens.ts";
import type { Struct } from "./values.ts";

/** A notification as it arrives at its receiver. */
export type Message = SlackMessage | PagerDutyMessage | Mail | WebhookMessage | TopicMessage;

export interface SlackMessage {
  readonly type: "slack";
  readonly channel: string;
  readonly username: string;
  /** `good`, `warning` or `danger`. */
  readonly color: string;
  readonly title: string;
  readonly titleLink: string;
  /** In Slack's markup. */
  readonly text: string;
}

export interface PagerDutyMessage {
  readonly type: "pagerduty";
  readonly summary: string;
  readonly severity: string;
  readonly source: string;
  readonly class: string;
  readonly component: string;
  readonly group: string;
  readonly client: string;
  readonly clientUrl: string;
  readonly links: readonly { readonly text: string; readonly href: string }[];
  readonly details: Readonly<Record<string, string | number>>;
}

export interface Mail {
  readonly type: "email";
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  /** The part of the mail that is plain text; the other part says the same in HTML. */
  readonly text: string;
}

/** Alertmanager's JSON, without a template. */
interface WebhookMessage {
  readonly type: "webhook";
}

/** What is published to a topic of Amazon SNS. */
interface TopicMessage {
  readonly type: "topic";
  readonly topic: string;
  readonly text: string;
}

type Settings = Readonly<Record<string, unknown>>;

interface Configuration {
  readonly receivers: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

/** Alertmanager cuts a title and a summary to so many characters. */
const LONGEST_TITLE = 1024;

/** What Alertmanager adds to PagerDuty's details. The others that it would add are set in the configuration. */
const ADDED_DETAILS = {
  num_firing: "{{ .Alerts.Firing | len }}",
  num_resolved: "{{ .Alerts.Resolved | len }}",
};

/** Writes messages from the files that Alertmanager reads: its configuration and the templates beside it. */
export class MessageWriter {
  private readonly receivers: ReadonlyMap<string, Settings>;
  private readonly definitions: Definitions;
  private readonly templates = new Map<string, readonly Node[]>();

  /** Throws an UnknownConstruct for templates that use more of Go's language than is known here. */
  constructor(configuration: string, templates: string) {
    const { receivers } = parsedConfiguration(configuration) as Configuration;
    this.receivers = new Map(receivers.map(({ name, ...settings }) => [name, settings]));
    this.definitions = parseDefinitions(templates);
  }

  /** What a receiver gets of a group of alerts, in the order of its configuration. */
  messages(receiver: string, group: NotifiedGroup): readonly Message[] {
    const data = templateData(group);
    return Object.entries(this.receivers.get(receiver) ?? {}).flatMap(([type, list]) =>
      (list as readonly Settings[]).map((settings) => this.message(type, settings, data)),
    );
  }

  private message(type: string, settings: Settings, data: Struct): Message {
    const filled = (setting: string) => this.filled(settings[setting], data);
    switch (type) {
      case "slack_configs":
        return {
          type: "slack",
          channel: filled("channel"),
          username: filled("username"),
          color: filled("color"),
          title: cut(filled("title")),
          titleLink: filled("title_link"),
          text: filled("text"),
        };
      case "pagerduty_configs":
        return this.event(settings, filled, data);
      case "email_configs":
        return {
          type: "email",
          to: filled("to"),
          from: filled("from"),
          subject: this.filled((settings["headers"] as Settings)["Subject"], data),
          text: filled("text"),
        };
      case "webhook_configs":
        return { type: "webhook" };
      case "sns_configs":
        return { type: "topic", topic: filled("topic_arn"), text: filled("message") };
      default:
        throw new UnknownConstruct(`receivers of ${type} are not known`);
    }
  }

  private event(settings: Settings, filled: (setting: string) => string, data: Struct): PagerDutyMessage {
    const links = settings["links"] as readonly Settings[];
    const details = { ...(settings["details"] as Settings), ...ADDED_DETAILS };
    return {
      type: "pagerduty",
      summary: cut(filled("description")),
      severity: filled("severity"),
      // Alertmanager names the client where the configuration names no source.
      source: filled("client"),
      class: filled("class"),
      component: filled("component"),
      group: filled("group"),
      client: filled("client"),
      clientUrl: filled("client_url"),
      links: links
        .map(({ text, href }) => ({ text: this.filled(text, data), href: this.filled(href, data) }))
        .filter(({ href }) => href !== ""),
      details: Object.fromEntries(
        Object.entries(details)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, template]) => [name, detail(this.filled(template, data))]),
      ),
    };
  }

  private filled(template: unknown, data: Struct): string {
    if (typeof template !== "string") throw new UnknownConstruct("a receiver lacks a setting");
    const nodes = this.templates.get(template) ?? parseTemplate(template);
    this.templates.set(template, nodes);
    return execute(nodes, data, this.definitions);
  }
}

/** Alertmanager sends a detail that is YAML as what it means: a number as a number. A text begins with a line that is nothing else. */
function detail(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^\d+ [^:#]*(?:\n|$)/.test(text))
    throw new UnknownConstruct(
      "a detail begins with a line that YAML may read as something else than a text",
    );
  return text;
}

function cut(title: string): string {
  const characters = [...title];
  return characters.length <= LONGEST_TITLE ? title : `${characters.slice(0, LONGEST_TITLE - 1).join("")}…`;
}
