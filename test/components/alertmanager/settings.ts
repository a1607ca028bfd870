import type { AlertmanagerSettings } from "../../../components/alertmanager/model.ts";

/** Settings with a receiver of every type, two teams and more than one receiver for a severity. */
export const SETTINGS: AlertmanagerSettings = {
  replicas: 3,
  retention: "5d",
  volume: "5Gi",
  pages: ["critical", "standard", "best-effort"],
  receivers: {
    "platform-pager": { type: "pagerduty", routingKeySecret: "platformPagerdutyKey" },
    "platform-chat": { type: "slack", webhookUrlSecret: "platformSlackUrl", channel: "#platform-alerts" },
    "shop-pager": { type: "pagerduty", routingKeySecret: "shopPagerdutyKey" },
    "shop-hook": { type: "webhook", urlSecret: "shopHookUrl" },
    "safety-net": {
      type: "email",
      to: ["oncall@example.com", "second@example.com"],
      from: "alertmanager@example.com",
      smarthost: "smtp.example.com:587",
      username: "alertmanager",
      passwordSecret: "smtpPassword",
    },
    "dead-mans-switch": { type: "local-webhook", url: "http://localhost:9095/heartbeat" },
  },
  fallback: "safety-net",
  teams: {
    platform: { critical: ["platform-pager", "platform-chat"], warning: ["platform-chat"] },
    shop: { critical: ["shop-pager", "shop-hook", "platform-chat"], warning: ["shop-hook"] },
  },
  heartbeat: { receiver: "dead-mans-switch", interval: "1m" },
};

export const ENVIRONMENT = "prod";

export const CLUSTER = {
  name: "prod",
  distribution: "eks",
  zones: 3,
  storageClass: "gp3-encrypted",
} as const;
