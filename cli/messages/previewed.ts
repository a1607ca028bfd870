import type { Artefacts } from "../artefacts/artefacts.ts";
import type { RoutedAlert } from "../routing.ts";
import { Examples } from "./examples.ts";
import { type Message, MessageWriter } from "./message.ts";

/** What one receiver gets of an alert. */
export interface ReceivedMessage {
  readonly receiver: string;
  readonly message: Message;
}

/** The messages that an alert will send, as its first promtool case has it: nothing for an alert without a case or a receiver. */
export type Messages = (alert: RoutedAlert) => readonly ReceivedMessage[];

/** What the messages of an environment are written from. */
export type MessageSources = Pick<Artefacts, "alertmanager" | "proven" | "externalLabels">;

/** `now` is the time that the messages give as the start, `externalUrl` the URL of Alertmanager. */
export function messagesOf(
  { alertmanager, proven, externalLabels }: MessageSources,
  { now, externalUrl = "" }: { readonly now: Date; readonly externalUrl?: string | undefined },
): Messages {
  const { configuration, templates } = alertmanager;
  if (configuration === undefined || templates === undefined) return () => [];
  const writer = new MessageWriter(configuration, templates);
  const examples = new Examples(proven, externalLabels);
  return ({ alert, destinations, byNamespace }) => {
    const example = examples.of(alert);
    if (example === undefined) return [];
    // The example has a namespace, and with it an owner.
    const { namespace = "" } = example.labels;
    const owned = byNamespace.find(({ namespaces }) => namespaces.includes(namespace));
    return (owned?.destinations ?? destinations).flatMap(({ receiver, grouping }) => {
      const groupLabels = Object.fromEntries(
        Object.entries(example.labels).filter(([label]) => grouping.groupBy.includes(label)),
      );
      const alerts = [{ status: "firing" as const, ...example, startsAt: now }];
      const messages = writer.messages(receiver, { alerts, groupLabels, externalUrl });
      return messages.map((message) => ({ receiver, message }));
    });
  };
}
