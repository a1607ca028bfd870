import { z } from "zod";
import { joinPath } from "../core/problems.ts";
import {
  byteQuantity,
  choice,
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
import { SERVICE_TIERS } from "../service/model.ts";
import { teamHours } from "./hours.ts";
import type { WorkloadOwners } from "./ownership.ts";

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
    routingKeyArn: text(
      /^arn:aws[a-z-]*:secretsmanager:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:secret:[\w/+=.@-]{1,512}$/,
      "the ARN of a secret in AWS Secrets Manager",
    )
      .optional()
      .meta({
        description:
          "ARN of a secret in AWS Secrets Manager whose JSON has the same key under routing_key. Needed where prometheus.rules is store: the alert manager of Amazon Managed Service for Prometheus reads it there.",
      }),
  }),
  z.strictObject({
    type: z.literal("slack"),
    webhookUrlSecret: secretName().meta({ secret: true, description: "Secret: an incoming-webhook URL." }),
    channel: text(/^#[a-z0-9_-]{1,79}$/, "a channel such as #platform-alerts"),
  }),
  z.strictObject({
    type: z.literal("webhook"),
    urlSecret: secretName().meta({ secret: true, description: "Secret: the URL of the webhook." }),
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
    type: z.literal("sns"),
    topicArn: text(
      /^arn:aws[a-z-]*:sns:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      "the ARN of a standard topic of Amazon SNS",
    ).meta({ description: "ARN of a standard topic that exists, in the environment's account." }),
  }),
  z.strictObject({
    type: z.literal("aws-heartbeat"),
    region: text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-west-1").meta({
      description: "Region of the topic and the alarm: another one than that of the cluster.",
    }),
    pagerUrlSecret: secretName().optional().meta({
      secret: true,
      description:
        "Secret: an https URL that takes messages of Amazon SNS and pages, such as that of PagerDuty's integration with CloudWatch.",
    }),
    emails: list(address(), 0, 10).default([]).meta({
      description: "Addresses that the alarm is sent to. Each must confirm a message of SNS once.",
    }),
  }),
  z.strictObject({
    type: z.literal("local-webhook"),
    url: webUrl().meta({
      description: "URL of a test receiver in a local cluster. It must contain no secret.",
    }),
  }),
]);

/** Who gets what of a team's alerts: receivers by severity. */
const teamRoutes = z.strictObject({
  critical: list(dnsLabel(), 1, 3).meta({ description: "Receivers of critical alerts." }),
  warning: list(dnsLabel(), 1, 3).meta({ description: "Receivers of warnings." }),
  hours: teamHours
    .optional()
    .meta({ description: "Hours of the team. Default: every alert is sent at every hour." }),
  namespaces: list(dnsLabel(), 1, 100).optional().meta({
    description:
      "Namespaces that the team owns, beside those in which only its services run. Alerts of the platform about workloads in them go to the team.",
  }),
});

export const alertmanagerSettings = z.strictObject({
  replicas: integer(1, 5).meta({
    description: "Number of Alertmanager cluster members. They run in different zones.",
  }),
  retention: durationBetween("24h", "30d").meta({
    description: "Retention of silences and of the notification log.",
  }),
  volume: byteQuantity().meta({
    description: "Size of the volume of each member. bellwether grow-volumes gives it to existing volumes.",
  }),
  receivers: named(dnsLabel(), receiver).meta({ description: "Receivers by name." }),
  fallback: dnsLabel().meta({
    description: "Fallback receiver at the root of the routing tree, for alerts that match no route.",
  }),
  teams: named(dnsLabel(), teamRoutes).meta({
    description: "Teams by name, with their receivers. The owner of each service must be one of them.",
  }),
  pages: list(choice(SERVICE_TIERS), 0, SERVICE_TIERS.length).meta({
    description:
      "Tiers of services whose alerts page. Those of the others open tickets, unless page of the service or of an objective says otherwise.",
  }),
  heartbeat: z
    .strictObject({
      receiver: dnsLabel().meta({
        description:
          "Receiver of the heartbeat: a webhook of a service outside the cluster that notifies the team when the heartbeat stops, or an alarm of CloudWatch (aws-heartbeat).",
      }),
      interval: durationBetween("1m", "1h").meta({ description: "Interval between two heartbeats." }),
    })
    .meta({ description: "Heartbeat, to detect that Prometheus or Alertmanager is down." }),
  externalUrl: httpsUrl().optional().meta({ description: "URL of Alertmanager for links in notifications." }),
  proxyUrl: webUrl().optional().meta({
    description:
      "URL of an HTTP proxy through which PagerDuty, Slack and webhooks are reached, such as http://proxy.example.com:3128, without a user or password. Default: they are reached directly.",
  }),
});

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings> & {
  /** Added when an environment is resolved, from its teams and its services. Left out: all alerts go to the team that they name. */
  readonly workloads?: WorkloadOwners;
  /** Added when an environment is resolved: the ARN of the topic of a heartbeat of type aws-heartbeat. */
  readonly heartbeatTopic?: string;
};
export type ReceiverSettings = z.output<typeof receiver>;

/** A receiver by the type that its settings name. */
export type ReceiverOf<Type extends ReceiverSettings["type"]> = Extract<ReceiverSettings, { type: Type }>;

/** The receiver that drops what reaches nobody by intent: context (`info`) and what is not an alert (`none`). */
export const NULL_RECEIVER = "null";

/** The severities that have a route of their own in every team. */
export const ROUTED_SEVERITIES = ["critical", "warning"] as const;
export type RoutedSeverity = (typeof ROUTED_SEVERITIES)[number];

/** Receivers that keep an incident open until they are notified of its end. What is behind a webhook or a topic is not known. */
const KEEPS_INCIDENTS: ReadonlySet<ReceiverSettings["type"]> = new Set(["pagerduty", "webhook", "sns"]);

/**
 * The severities of which some receiver keeps an incident open until it is notified of its end. Alertmanager must not inhibit them: it
 * drops the end of what is inhibited, too.
 */
export function incidentSeverities({
  teams,
  receivers,
}: Pick<AlertmanagerSettings, "teams" | "receivers">): readonly RoutedSeverity[] {
  const tickets = Object.values(teams).some(({ warning }) =>
    warning.some((receiver) => keepsIncidents(receivers, receiver)),
  );
  return tickets ? ["critical", "warning"] : ["critical"];
}

/** Whether the receiver of that name keeps an incident open until it is notified of its end. */
export function keepsIncidents(receivers: AlertmanagerSettings["receivers"], name: string): boolean {
  return Object.hasOwn(receivers, name) && KEEPS_INCIDENTS.has(receivers[name]?.type ?? "email");
}

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
    // Signed as the pod.
    case "sns":
    // Not Alertmanager's: SNS calls the pager's URL.
    case "aws-heartbeat":
    case "local-webhook":
      return undefined;
  }
}

/**
 * The TCP ports that the receivers listen at, in ascending order: what the monitoring stack's network policies let
 * Alertmanager out to. A webhook's URL is a secret, so its port cannot be known: it must be 443. With a proxy, that of the proxy.
 */
export function receiverPorts({
  receivers,
  proxyUrl,
}: Pick<AlertmanagerSettings, "receivers" | "proxyUrl">): readonly number[] {
  return [...new Set(Object.values(receivers).map((each) => portOf(each, proxyUrl)))].sort((a, b) => a - b);
}

/** The receivers that a proxy is between: those that are reached over HTTP and are on the Internet. */
const PROXIED: ReadonlySet<ReceiverSettings["type"]> = new Set(["pagerduty", "slack", "webhook"]);

/** The port of one receiver, or that of the proxy that it is reached through. */
export function portOf(receiver: ReceiverSettings, proxyUrl?: string): number {
  if (proxyUrl !== undefined && PROXIED.has(receiver.type)) return portOfUrl(proxyUrl);
  switch (receiver.type) {
    case "email":
      return Number(receiver.smarthost.split(":").at(-1));
    case "local-webhook":
      return portOfUrl(receiver.url);
    default:
      return 443;
  }
}

function portOfUrl(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

/** The region of a topic, of its ARN. */
export function regionOfTopic(arn: string): string {
  return arn.split(":")[3] ?? "";
}

/** The topics that Alertmanager publishes notifications to, each once. */
export function notificationTopics({
  receivers,
}: Pick<AlertmanagerSettings, "receivers">): readonly string[] {
  const arns = Object.values(receivers).flatMap((its) => (its.type === "sns" ? [its.topicArn] : []));
  return [...new Set(arns)].sort();
}
