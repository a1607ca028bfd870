import { z } from "zod";
import type { AlertmanagerSettings, ReceiverSettings, RoutedSeverity } from "../../alertmanager/model.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";
import { choice, text } from "../../core/schema.ts";
import type { NamedSecret } from "../../core/secrets.ts";

/** How alerts reach a contact point: each rule names it, or the notification policy selects it. */
const NOTIFICATIONS = ["per-rule", "policy"] as const;
type Notifications = (typeof NOTIFICATIONS)[number];

export const WHAT_GRAFANA_ALERTS_OF =
  "Alerts that Grafana evaluates, for problems that Prometheus cannot see. Default: none.";

/**
 * Alerts that Grafana evaluates. An organisation has exactly one notification policy. Managing it would replace the content of other
 * users, so in an existing Grafana each rule names its contact point by default.
 */
export const alertingSettings = <Access extends z.ZodType>(usually: Notifications, access: Access) =>
  z.strictObject({
    notifications: choice(NOTIFICATIONS)
      .default(usually)
      .meta({
        description:
          "per-rule: each rule names its contact point, and the notification policy is not changed. " +
          "policy: this environment manages the notification policy of the whole organisation and replaces its content.",
      }),
    cloudWatch: access.optional().meta({
      description:
        "Alerts on CloudWatch metrics, and the identity with which Grafana reads them. Default: none.",
    }),
  });

/** An existing Grafana has its own AWS identity, which assumes a role in the environment's account. */
export const assumedRole = z.strictObject({
  kind: z.literal("assumed-role"),
  roleArn: text(
    /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "the ARN of an IAM role such as arn:aws:iam::111122223333:role/grafana-reads-cloudwatch",
  ).meta({
    description: "Role in the environment's account that trusts the role of Grafana and may read metrics.",
  }),
});

/** Amazon Managed Grafana reads CloudWatch with the role of its workspace, which the program creates. */
export const workspaceRole = z.strictObject({ kind: z.literal("workspace-role") });

/** A Grafana in the environment's EKS cluster gets a role through EKS Pod Identity. */
export const podIdentity = z.strictObject({ kind: z.literal("pod-identity") });

export interface AlertingSettings {
  readonly notifications: Notifications;
  readonly cloudWatch?:
    | z.output<typeof assumedRole>
    | z.output<typeof podIdentity>
    | z.output<typeof workspaceRole>
    | undefined;
}

/** The receivers by severity: those of Alertmanager. Grafana notifies the same destinations directly. */
export type AlertingReceivers = Readonly<Record<RoutedSeverity, Readonly<Record<string, ReceiverSettings>>>>;

/** The receivers of the team that owns the platform. */
export function alertingReceivers(
  { teams, receivers }: Pick<AlertmanagerSettings, "teams" | "receivers">,
  owner: string,
): AlertingReceivers {
  const of = (severity: RoutedSeverity) =>
    Object.fromEntries(
      (teams[owner]?.[severity] ?? []).flatMap((name) => {
        const receiver = receivers[name];
        return receiver === undefined ? [] : [[name, receiver] as const];
      }),
    );
  return { critical: of("critical"), warning: of("warning") };
}

/** The receivers that a Grafana can notify: only an existing one has a mail server, and none publishes to topics of SNS. */
export function reachable(receivers: AlertingReceivers, kind: string): AlertingReceivers {
  const of = (severity: RoutedSeverity) =>
    Object.fromEntries(
      Object.entries(receivers[severity]).filter(
        ([, { type }]) => type !== "sns" && (type !== "email" || kind === "existing"),
      ),
    );
  return { critical: of("critical"), warning: of("warning") };
}

/** What surrounds the settings of Grafana's alerts. */
export interface AlertingPlace {
  readonly onEks: boolean;
  /** Whether pods of the cluster get AWS credentials through EKS Pod Identity. Default: on EKS they do. */
  readonly hasPodIdentity?: boolean;
  /** The team that owns the platform. */
  readonly owner: string;
  readonly path: string;
}

/** The problems of the settings of Grafana's alerts. */
export function alertingProblems(
  settings: {
    readonly kind: string;
    readonly alerting?: AlertingSettings | undefined;
    /** Whether the workspace of Amazon Managed Grafana may read CloudWatch. */
    readonly cloudWatch?: boolean;
  },
  receivers: AlertingReceivers,
  { onEks, hasPodIdentity = onEks, owner, path }: AlertingPlace,
): Problem[] {
  const { kind, alerting } = settings;
  if (alerting === undefined) return [];
  const reached = reachable(receivers, kind);
  const unreached = (["critical", "warning"] as const).filter(
    (severity) => Object.keys(reached[severity]).length === 0 && Object.keys(receivers[severity]).length > 0,
  );
  return [
    ...unreached.map((severity) => ({
      path: joinPath("environment.alertmanager", ["teams", owner, severity]),
      found: `${Object.keys(receivers[severity]).map(shown).join(", ")}, which Grafana cannot notify`,
      allowed:
        "at least one receiver of another type than sns and email: Grafana publishes to no topic, and this kind has no mail server",
      fix: `add another receiver, or remove ${path}.alerting`,
    })),
    ...(alerting.cloudWatch !== undefined && settings.cloudWatch === false
      ? [
          {
            path: `${path}.alerting.cloudWatch`,
            found: "settings, but the workspace has no permission to read CloudWatch",
            allowed: `no settings while ${path}.cloudWatch is false`,
            fix: `remove it, or set ${path}.cloudWatch to true`,
          },
        ]
      : []),
    ...(alerting.cloudWatch !== undefined && !onEks
      ? [
          {
            path: `${path}.alerting.cloudWatch`,
            found: "settings, but this environment has no EKS cluster",
            allowed: "no settings: there are no AWS resources to monitor",
            fix: "remove it, or name the EKS cluster in environment.cluster.eks",
          },
        ]
      : []),
    ...(alerting.cloudWatch?.kind === "pod-identity" && onEks && !hasPodIdentity
      ? [
          {
            path: `${path}.alerting.cloudWatch.kind`,
            found: "pod-identity, but cluster.eks.credentials is irsa",
            allowed: "pod-identity only where the cluster has the EKS Pod Identity agent",
            fix: "install the agent and set cluster.eks.credentials to kind pod-identity, or remove cloudWatch",
          },
        ]
      : []),
  ];
}

/** The name of the receiver's secret; undefined if it has none. */
export function secretOfReceiver(receiver: ReceiverSettings): string | undefined {
  switch (receiver.type) {
    case "pagerduty":
      return receiver.routingKeySecret;
    case "slack":
      return receiver.webhookUrlSecret;
    case "webhook":
      return receiver.urlSecret;
    case "email":
    case "sns":
    case "aws-heartbeat":
    case "local-webhook":
      return undefined;
  }
}

/** The secrets of the contact points. They are the same as those of Alertmanager's receivers. */
export function alertingSecrets(receivers: AlertingReceivers, path: string): readonly NamedSecret[] {
  const all = Object.entries({ ...receivers.warning, ...receivers.critical });
  return all.flatMap(([name, receiver]) => {
    const secret = secretOfReceiver(receiver);
    return secret === undefined ? [] : [{ name: secret, path: joinPath(path, ["receivers", name]) }];
  });
}
