import { z } from "zod";
import type { AlertmanagerSettings, ReceiverSettings, RoutedSeverity } from "../../alertmanager/model.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";
import { choice, text } from "../../core/schema.ts";
import type { NamedSecret } from "../../core/secrets.ts";

/** Who tells whom: the one policy of the whole Grafana, or each rule by itself. */
const NOTIFICATIONS = ["per-rule", "policy"] as const;
type Notifications = (typeof NOTIFICATIONS)[number];

export const WHAT_GRAFANA_ALERTS_OF =
  "Alerts that Grafana evaluates, for problems that Prometheus cannot see. Default: none.";

/**
 * Alerts that Grafana evaluates. A Grafana has one notification policy and no more: in one that others use, managing it would throw
 * theirs away, so that there each rule names its contact point.
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

/** A Grafana elsewhere has an identity in AWS already, which takes on a role in the environment's account. */
export const assumedRole = z.strictObject({
  kind: z.literal("assumed-role"),
  roleArn: text(
    /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "the ARN of an IAM role such as arn:aws:iam::111122223333:role/grafana-reads-cloudwatch",
  ).meta({
    description: "Role in the environment's account that trusts the role of Grafana and may read metrics.",
  }),
});

/** A workspace of Amazon's reads CloudWatch with its own role, which the program makes. */
export const workspaceRole = z.strictObject({ kind: z.literal("workspace-role") });

/** A Grafana on the environment's own EKS cluster is given a role, through EKS Pod Identity. */
export const podIdentity = z.strictObject({ kind: z.literal("pod-identity") });

export interface AlertingSettings {
  readonly notifications: Notifications;
  readonly cloudWatch?:
    | z.output<typeof assumedRole>
    | z.output<typeof podIdentity>
    | z.output<typeof workspaceRole>
    | undefined;
}

/** Who is told, by severity: receivers of Alertmanager, which Grafana reaches by itself. */
export type AlertingReceivers = Readonly<Record<RoutedSeverity, Readonly<Record<string, ReceiverSettings>>>>;

/** The receivers of the team that owns the platform: whom Alertmanager would tell, if it could. */
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

/** The receivers that a Grafana reaches: of mail servers, only one that exists may have one. */
export function reachable(receivers: AlertingReceivers, kind: string): AlertingReceivers {
  const of = (severity: RoutedSeverity) =>
    Object.fromEntries(
      Object.entries(receivers[severity]).filter(([, { type }]) => type !== "email" || kind === "existing"),
    );
  return { critical: of("critical"), warning: of("warning") };
}

/** What is wrong with Grafana's alerts in an environment. */
export function alertingProblems(
  settings: {
    readonly kind: string;
    readonly alerting?: AlertingSettings | undefined;
    /** Whether a workspace of Amazon's may read CloudWatch. */
    readonly cloudWatch?: boolean;
  },
  receivers: AlertingReceivers,
  { onEks, owner, path }: { readonly onEks: boolean; readonly owner: string; readonly path: string },
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
      found: `${Object.keys(receivers[severity]).map(shown).join(", ")}, which Grafana's alerts could not reach`,
      allowed:
        "at least one receiver that is no mail: neither a Grafana on the cluster nor Amazon's has a mail server",
      fix: `add another receiver, or remove ${path}.alerting`,
    })),
    ...(alerting.cloudWatch !== undefined && settings.cloudWatch === false
      ? [
          {
            path: `${path}.alerting.cloudWatch`,
            found: "settings, though the workspace may not read CloudWatch",
            allowed: `nothing while ${path}.cloudWatch is false`,
            fix: `remove it, or set ${path}.cloudWatch to true`,
          },
        ]
      : []),
    ...(alerting.cloudWatch !== undefined && !onEks
      ? [
          {
            path: `${path}.alerting.cloudWatch`,
            found: "settings, though the cluster is not built in AWS by this environment",
            allowed: "nothing, as there are no resources in AWS to watch",
            fix: "remove it",
          },
        ]
      : []),
  ];
}

/** The name and the field of the one secret that a receiver has; none where its address is no secret. */
export function secretOfReceiver(receiver: ReceiverSettings): string | undefined {
  switch (receiver.type) {
    case "pagerduty":
      return receiver.routingKeySecret;
    case "slack":
      return receiver.webhookUrlSecret;
    case "webhook":
      return receiver.urlSecret;
    case "email":
    case "local-webhook":
      return undefined;
  }
}

/** The secrets that contact points need. They are those of Alertmanager's receivers, and set already where these are. */
export function alertingSecrets(receivers: AlertingReceivers, path: string): readonly NamedSecret[] {
  const all = Object.entries({ ...receivers.warning, ...receivers.critical });
  return all.flatMap(([name, receiver]) => {
    const secret = secretOfReceiver(receiver);
    return secret === undefined ? [] : [{ name: secret, path: joinPath(path, ["receivers", name]) }];
  });
}
