import type { ReceiverSettings } from "../../../../components/alertmanager/model.ts";
import type { AlertingReceivers } from "../../../../components/grafana/alerting/model.ts";
import type { AlertingArgs } from "../../../../components/grafana/alerting/render.ts";
import { ALERTS } from "../samples.ts";

const PAGER: ReceiverSettings = { type: "pagerduty", routingKeySecret: "platformPagerdutyKey" };
const CHAT: ReceiverSettings = {
  type: "slack",
  webhookUrlSecret: "platformSlackUrl",
  channel: "#platform-alerts",
};

export const RECEIVERS: AlertingReceivers = {
  critical: {
    "platform-pager": PAGER,
    "platform-mail": {
      type: "email",
      to: ["oncall@example.com", "lead@example.com"],
      from: "alertmanager@example.com",
      smarthost: "smtp.example.com:587",
      passwordSecret: "smtpPassword",
    },
  },
  warning: { "platform-chat": CHAT, "platform-hook": { type: "webhook", urlSecret: "platformHookUrl" } },
};

export const ROLE = "arn:aws:iam::111122223333:role/grafana-reads-cloudwatch";

/** An environment in AWS, in a Grafana that others use as well. */
export const ALERTING: AlertingArgs = {
  kind: "existing",
  settings: { notifications: "per-rule", cloudWatch: { kind: "assumed-role", roleArn: ROLE } },
  environment: "prod",
  owner: "platform",
  alerts: ALERTS,
  receivers: RECEIVERS,
  parameters: { heartbeatInterval: "1m", clusterName: "prod" },
  region: "eu-central-1",
};
