import { type Message, MessageWriter } from "../messages/message.ts";
import type { RenderedAlertmanager } from "./configuration.ts";

type Labels = Readonly<Record<string, string>>;

interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
}

/** What Alertmanager posts: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface Posted {
  readonly status: "firing" | "resolved";
  readonly groupLabels: Labels;
  readonly alerts: readonly NotifiedAlert[];
}

/** A notification, with the messages that it would be at its receiver. */
export interface Notification {
  readonly receiver: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly status: "firing" | "resolved";
  /** The names of its alerts, each once. */
  readonly alerts: readonly string[];
  /** The services that it is about, each once. */
  readonly services: readonly string[];
  readonly severity: string;
  readonly messages: readonly Message[];
}

/** The most that is kept. */
const KEPT = 200;

/** Everything that Alertmanager of the lab sends, the newest last. */
export class Notifications {
  readonly #writer: MessageWriter;
  readonly #all: Notification[] = [];

  constructor({ configuration, templates }: RenderedAlertmanager) {
    this.#writer = new MessageWriter(configuration, templates);
  }

  get all(): readonly Notification[] {
    return this.#all;
  }

  /** Keeps what was posted to a receiver, and returns it as a notification. */
  add(receiver: string, { status, groupLabels, alerts }: Posted, at: number): Notification {
    const each = (label: string) => [
      ...new Set(alerts.map(({ labels }) => labels[label] ?? "").filter((value) => value !== "")),
    ];
    const notification: Notification = {
      receiver,
      at,
      status,
      alerts: each("alertname"),
      services: each("service"),
      severity: each("severity")[0] ?? "",
      messages: this.#writer.messages(receiver, {
        alerts: alerts.map((alert) => ({ ...alert, startsAt: new Date(alert.startsAt) })),
        groupLabels,
        externalUrl: "",
      }),
    };
    this.#all.push(notification);
    if (this.#all.length > KEPT) this.#all.splice(0, this.#all.length - KEPT);
    return notification;
  }
}
