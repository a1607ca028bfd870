import { z } from "zod";
import { joinPath } from "../core/problems.ts";
import {
  byteQuantity,
  dnsLabel,
  durationBetween,
  httpsUrl,
  integer,
  list,
  named,
  secretName,
  text,
  webUrl,
} from "../core/schema.ts";

const address = () =>
  text(/^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$/, "an e-mail address such as oncall@example.com");

/** Where notifications go. What is secret is named, never written: its value is a sibling key of the stack's config. */
const receiver = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("pagerduty"),
    routingKeySecret: secretName().meta({
      secret: true,
      description: "Secret: an Events API v2 integration key.",
    }),
  }),
  z.strictObject({
    type: z.literal("slack"),
    webhookUrlSecret: secretName().meta({ secret: true, description: "Secret: an incoming-webhook URL." }),
    channel: text(/^#[a-z0-9_-]{1,79}$/, "a channel such as #platform-alerts"),
  }),
  z.strictObject({
    type: z.literal("webhook"),
    urlSecret: secretName().meta({ secret: true, description: "Secret: the URL that is posted to." }),
  }),
  z.strictObject({
    type: z.literal("email"),
    to: list(address(), 1, 10),
    from: address(),
    smarthost: text(/^[a-z0-9.-]+:\d{2,5}$/, "a host and port such as smtp.example.com:587"),
    username: text(/^[\x21-\x7e]{1,128}$/, "a user name in ASCII without spaces").optional(),
    passwordSecret: secretName().optional().meta({ secret: true, description: "Secret: the SMTP password." }),
  }),
  z.strictObject({
    type: z.literal("local-webhook"),
    url: webUrl().meta({
      description: "A plain URL that needs no secret, such as a sink inside a local cluster.",
    }),
  }),
]);

/** Who gets what of a team's alerts: receivers by severity. */
const teamRoutes = z.strictObject({
  critical: list(dnsLabel(), 1, 3).meta({ description: "Receivers of pages." }),
  warning: list(dnsLabel(), 1, 3).meta({ description: "Receivers of tickets." }),
});

export const alertmanagerSettings = z.strictObject({
  replicas: integer(1, 5).meta({ description: "Members of the Alertmanager cluster, spread over zones." }),
  retention: durationBetween("24h", "30d").meta({
    description: "How long silences and notification state are kept.",
  }),
  volume: byteQuantity().meta({ description: "Volume of each member." }),
  receivers: named(dnsLabel(), receiver).meta({ description: "Receivers by name." }),
  fallback: dnsLabel().meta({
    description: "Receiver of what matches no route: the safety net at the root.",
  }),
  teams: named(dnsLabel(), teamRoutes).meta({
    description: "Each team's receivers. A service's owner must be one of them.",
  }),
  heartbeat: z
    .strictObject({
      receiver: dnsLabel().meta({ description: "A webhook of a dead man's switch outside the cluster." }),
      interval: durationBetween("1m", "1h").meta({ description: "How often the Watchdog is sent there." }),
    })
    .meta({ description: "Who notices when alerting itself is gone." }),
  externalUrl: httpsUrl()
    .optional()
    .meta({ description: "Where people reach Alertmanager, for links in notifications." }),
});

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings>;
export type ReceiverSettings = z.output<typeof receiver>;
export type TeamRoutes = z.output<typeof teamRoutes>;

/** A receiver by the type that its settings name. */
export type ReceiverOf<Type extends ReceiverSettings["type"]> = Extract<ReceiverSettings, { type: Type }>;

/** The receiver that drops what reaches nobody by intent: context (`info`) and what is not an alert (`none`). */
export const NULL_RECEIVER = "null";

/** The severities that have a route of their own in every team. */
export const ROUTED_SEVERITIES = ["critical", "warning"] as const;
export type RoutedSeverity = (typeof ROUTED_SEVERITIES)[number];

/** A secret that must be set, and the field that names it. */
export interface SecretUse {
  readonly name: string;
  readonly path: string;
}

/** Every secret that the receivers name, with the path of the field that names it; a secret named twice stands twice. */
export function alertmanagerSecrets(settings: AlertmanagerSettings, path: string): readonly SecretUse[] {
  return Object.entries(settings.receivers).flatMap(([receiver, its]) => {
    const secret = secretOf(its);
    return secret === undefined
      ? []
      : [{ name: secret.name, path: joinPath(path, ["receivers", receiver, secret.field]) }];
  });
}

function secretOf(receiver: ReceiverSettings): { readonly name: string; readonly field: string } | undefined {
  switch (receiver.type) {
    case "pagerduty":
      return { name: receiver.routingKeySecret, field: "routingKeySecret" };
    case "slack":
      return { name: receiver.webhookUrlSecret, field: "webhookUrlSecret" };
    case "webhook":
      return { name: receiver.urlSecret, field: "urlSecret" };
    case "email":
      return receiver.passwordSecret === undefined
        ? undefined
        : { name: receiver.passwordSecret, field: "passwordSecret" };
    case "local-webhook":
      return undefined;
  }
}

/**
 * The TCP ports that the receivers listen at, in ascending order: what the monitoring stack's network policies let
 * Alertmanager out to. A webhook's URL is a secret, so its port cannot be known: it must be 443.
 */
export function receiverPorts({ receivers }: Pick<AlertmanagerSettings, "receivers">): readonly number[] {
  return [...new Set(Object.values(receivers).map(portOf))].sort((a, b) => a - b);
}

/** The port of one receiver. */
export function portOf(receiver: ReceiverSettings): number {
  switch (receiver.type) {
    case "email":
      return Number(receiver.smarthost.split(":").at(-1));
    case "local-webhook": {
      const { port, protocol } = new URL(receiver.url);
      return Number(port) || (protocol === "https:" ? 443 : 80);
    }
    default:
      return 443;
  }
}
