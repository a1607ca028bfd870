import { z } from "zod";
import { joinPath, type Problem, shown } from "../core/problems.ts";
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
import { nearest } from "../core/validation.ts";

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

/** A place in the settings that names a receiver. */
interface ReceiverUse {
  readonly path: string;
  readonly receiver: string;
}

/** A secret that must be set, and the field that names it. */
export interface SecretUse {
  readonly name: string;
  readonly path: string;
}

/**
 * The rules between fields of the alerting settings, as problems whose paths start at `path`; `zones` is how many zones the
 * cluster's nodes are spread over. An even number of replicas is fine: members do not vote, each sends what nobody else
 * has sent.
 */
export function alertmanagerProblems(
  settings: AlertmanagerSettings,
  path: string,
  zones: number,
): readonly Problem[] {
  return [
    ...replicaProblems(settings, path, zones),
    ...teamProblems(settings, path),
    ...receiverProblems(settings, path),
    ...heartbeatProblems(settings, path),
  ];
}

function replicaProblems(
  { replicas }: AlertmanagerSettings,
  path: string,
  zones: number,
): readonly Problem[] {
  if (replicas <= zones) return [];
  return [
    {
      path: joinPath(path, ["replicas"]),
      found: shown(replicas),
      allowed: `at most ${zones}, one member for each zone of the cluster`,
      fix: `write ${zones}, or add zones`,
    },
  ];
}

function teamProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const teams = Object.entries(settings.teams);
  if (teams.length === 0)
    return [
      {
        path: joinPath(path, ["teams"]),
        found: "no team",
        allowed: "at least one team with its receivers",
        fix: "add the team that owns the platform",
      },
    ];
  return teams.flatMap(([team, routes]) =>
    ROUTED_SEVERITIES.flatMap((severity) =>
      duplicates(routes[severity]).map(({ value, index }) => ({
        path: joinPath(path, ["teams", team, severity, index]),
        found: `${shown(value)} a second time`,
        allowed: "each receiver once",
        fix: "remove it",
      })),
    ),
  );
}

function duplicates(
  values: readonly string[],
): readonly { readonly value: string; readonly index: number }[] {
  return values
    .map((value, index) => ({ value, index }))
    .filter(({ value, index }) => values.indexOf(value) < index);
}

function receiverProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const uses = receiverUses(settings, path);
  const names = Object.keys(settings.receivers);
  const used = new Set(uses.map(({ receiver }) => receiver));
  return [
    ...uses.filter(({ receiver }) => !names.includes(receiver)).map((use) => undefinedReceiver(use, names)),
    ...names.flatMap((name) =>
      receiverDefinitionProblems(settings, name, used, joinPath(path, ["receivers", name])),
    ),
  ];
}

function undefinedReceiver({ path, receiver }: ReceiverUse, names: readonly string[]): Problem {
  const near = nearest(receiver, names);
  return {
    path,
    found: `the receiver ${shown(receiver)}, which is not defined`,
    allowed: names.length > 0 ? `one of the receivers ${names.join(", ")}` : "a receiver; none is defined",
    fix: near === undefined ? `define ${receiver} under receivers` : `write ${near}`,
  };
}

function receiverDefinitionProblems(
  { receivers }: AlertmanagerSettings,
  name: string,
  used: ReadonlySet<string>,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (name === NULL_RECEIVER)
    problems.push({
      path,
      found: `the name ${shown(name)}`,
      allowed: `any other name: ${NULL_RECEIVER} is where context goes that is sent to nobody`,
      fix: "rename the receiver",
    });
  // A receiver that nothing leads to is a page that somebody believes in and nobody gets.
  if (!used.has(name))
    problems.push({
      path,
      found: "a receiver that nothing leads to",
      allowed: "receivers that a team, fallback or heartbeat names",
      fix: "name it in a team's routes, or remove it",
    });
  const receiver = receivers[name];
  if (receiver?.type === "email") problems.push(...emailProblems(receiver, path));
  return problems;
}

function emailProblems({ username, passwordSecret }: ReceiverOf<"email">, path: string): readonly Problem[] {
  if ((username === undefined) === (passwordSecret === undefined)) return [];
  const [present, missing] =
    username === undefined ? ["passwordSecret", "username"] : ["username", "passwordSecret"];
  return [
    {
      path: joinPath(path, [missing]),
      found: `nothing, beside ${present}`,
      allowed: "username and passwordSecret together, or neither",
      fix: `add ${missing}, or remove ${present}`,
    },
  ];
}

function heartbeatProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const { receiver: name } = settings.heartbeat;
  const receiver = Object.hasOwn(settings.receivers, name) ? settings.receivers[name] : undefined;
  if (receiver === undefined) return [];
  const at = joinPath(path, ["heartbeat", "receiver"]);
  const problems: Problem[] = [];
  if (receiver.type !== "webhook" && receiver.type !== "local-webhook")
    problems.push({
      path: at,
      found: `${shown(name)}, of type ${receiver.type}`,
      allowed: "a receiver of type webhook or local-webhook: a person is no dead man's switch",
      fix: "define a webhook of a heartbeat service and name it here",
    });
  // An alert that reached the switch would keep it alive while the Watchdog is long gone.
  const alsoAt = receiverUses(settings, path).find((use) => use.receiver === name && use.path !== at);
  if (alsoAt !== undefined)
    problems.push({
      path: at,
      found: `${shown(name)}, which ${alsoAt.path} names too`,
      allowed: "a receiver that gets the Watchdog and nothing else",
      fix: "define another receiver for the heartbeat",
    });
  return problems;
}

function receiverUses(settings: AlertmanagerSettings, path: string): readonly ReceiverUse[] {
  return [
    { path: joinPath(path, ["fallback"]), receiver: settings.fallback },
    { path: joinPath(path, ["heartbeat", "receiver"]), receiver: settings.heartbeat.receiver },
    ...Object.entries(settings.teams).flatMap(([team, routes]) =>
      ROUTED_SEVERITIES.flatMap((severity) =>
        routes[severity].map((receiver, index) => ({
          path: joinPath(path, ["teams", team, severity, index]),
          receiver,
        })),
      ),
    ),
  ];
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
