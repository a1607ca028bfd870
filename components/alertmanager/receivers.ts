import {
  type AlertmanagerSettings,
  NULL_RECEIVER,
  type ReceiverOf,
  type ReceiverSettings,
  regionOfTopic,
} from "./settings.ts";

/** The Kubernetes Secret that holds what the receivers must not write down, by secret name. */
export const CREDENTIALS_SECRET = "alertmanager-credentials";

/** The operator mounts each of `spec.secrets` below this folder. */
const credentialFile = (secret: string) => `/etc/alertmanager/secrets/${CREDENTIALS_SECRET}/${secret}`;

/** An entry of Alertmanager's `receivers`, without anything secret: credentials are read from mounted files. */
export type Receiver = Readonly<Record<string, unknown>> & { readonly name: string };

/** The receivers by name, and the one that drops. */
export function renderReceivers(settings: AlertmanagerSettings): readonly Receiver[] {
  const names = Object.keys(settings.receivers).sort();
  return [
    { name: NULL_RECEIVER },
    ...names.map((name) => ({
      name,
      ...integration(settings.receivers[name] as ReceiverSettings, {
        isHeartbeat: name === settings.heartbeat.receiver,
        topic: settings.heartbeatTopic,
        proxied: proxied(settings),
      }),
    })),
  ];
}

/** What the receivers on the Internet have in common. Topics of SNS are reached through an endpoint of the VPC, and test receivers are in the cluster. */
function proxied({ proxyUrl }: AlertmanagerSettings): Readonly<Record<string, unknown>> {
  return proxyUrl === undefined ? {} : { http_config: { proxy_url: proxyUrl } };
}

interface ReceiverContext {
  readonly isHeartbeat: boolean;
  readonly topic: string | undefined;
  readonly proxied: Readonly<Record<string, unknown>>;
}

function integration(
  receiver: ReceiverSettings,
  { isHeartbeat, topic, proxied }: ReceiverContext,
): Readonly<Record<string, unknown>> {
  // A heartbeat that is "resolved" would be a beat, sent at the very moment when there should be none.
  const sendResolved = !isHeartbeat;
  switch (receiver.type) {
    case "pagerduty":
      return { pagerduty_configs: [{ ...pagerduty(receiver), ...proxied }] };
    case "slack":
      return { slack_configs: [{ ...slack(receiver), ...proxied }] };
    case "email":
      return { email_configs: [email(receiver)] };
    case "webhook":
      return {
        webhook_configs: [
          { send_resolved: sendResolved, url_file: credentialFile(receiver.urlSecret), ...proxied },
        ],
      };
    case "sns":
      return { sns_configs: [sns(receiver, sendResolved)] };
    case "aws-heartbeat":
      // Signed with the credentials of the pod. The topic counts its messages, and nobody reads them.
      return {
        sns_configs: [
          {
            send_resolved: sendResolved,
            sigv4: { region: receiver.region },
            topic_arn: topic ?? "",
            subject: "Watchdog",
            message: "The alert Watchdog fires, as it always should.",
          },
        ],
      };
    case "local-webhook":
      return { webhook_configs: [{ send_resolved: sendResolved, url: receiver.url }] };
  }
}

/** Signed with the credentials of the pod, or of the service that Alertmanager is part of. */
export function sns({ topicArn }: ReceiverOf<"sns">, sendResolved: boolean) {
  return {
    send_resolved: sendResolved,
    sigv4: { region: regionOfTopic(topicArn) },
    topic_arn: topicArn,
    subject: template("sns.subject"),
    message: template("text"),
  };
}

const template = (name: string) => `{{ template "bellwether.${name}" . }}`;

function pagerduty({ routingKeySecret }: ReceiverOf<"pagerduty">) {
  return { send_resolved: true, routing_key_file: credentialFile(routingKeySecret), ...PAGERDUTY };
}

/** What an event of PagerDuty says, whatever it is authenticated by. */
export const PAGERDUTY = {
  description: template("title"),
  severity: template("pagerduty.severity"),
  class: "{{ .CommonLabels.alertname }}",
  component: "{{ .CommonLabels.service }}",
  group: "{{ .CommonLabels.team }}",
  client: "Bellwether",
  client_url: template("dashboard"),
  links: [
    { text: "Runbook", href: template("runbook") },
    { text: "Dashboard", href: template("dashboard") },
  ],
  details: {
    text: template("pagerduty.text"),
    // The whole alerts as JSON, which Alertmanager adds otherwise, say the same as the text at ten times the length.
    firing: "{{ .Alerts.Firing | len }}",
    resolved: "{{ .Alerts.Resolved | len }}",
  },
} as const;

function slack({ webhookUrlSecret, channel }: ReceiverOf<"slack">) {
  return {
    send_resolved: true,
    api_url_file: credentialFile(webhookUrlSecret),
    channel,
    username: "Bellwether",
    color: template("slack.color"),
    title: template("slack.title"),
    title_link: template("dashboard"),
    fallback: template("slack.title"),
    text: template("slack.text"),
    // Without this a client shows the asterisks and links of the text as they are typed.
    mrkdwn_in: ["text"],
  };
}

function email({ to, from, smarthost, username, passwordSecret }: ReceiverOf<"email">) {
  return {
    send_resolved: true,
    to: to.join(", "),
    from,
    smarthost,
    ...(username === undefined ? {} : { auth_username: username }),
    ...(passwordSecret === undefined ? {} : { auth_password_file: credentialFile(passwordSecret) }),
    headers: { Subject: template("title") },
    html: template("email.html"),
    text: template("text"),
  };
}
