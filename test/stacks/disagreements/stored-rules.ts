import { type Disagreement, one, receivers } from "./disagreement.ts";

const heartbeat = [...receivers, "dead-mans-switch"];
const chat = [...receivers, "shop-chat"];

/** The rules of what surrounds rules that the long-term storage evaluates, each broken once. */
export const STORED_RULES_DISAGREEMENTS: readonly Disagreement[] = [
  one(
    "prometheus",
    "rules in a store that there is not",
    "local",
    ["prometheus", "rules"],
    "store",
    "prometheus.rules",
  ),
  one(
    "prometheus",
    "rules in an endpoint, which the program cannot load them into",
    "sent",
    ["prometheus", "rules"],
    "store",
    "prometheus.rules",
  ),
  one(
    "prometheus",
    "rules in a store that has the records alone",
    "evaluated",
    ["prometheus", "store", "series"],
    "recorded",
  ),
  one(
    "prometheus",
    "rules in a store that keeps what one of two servers was pushed",
    "evaluated",
    ["prometheus", "otlp"],
    { namespaces: ["shop"] },
    "prometheus.rules",
  ),
  one(
    "prometheus",
    "shards that would each evaluate the rules",
    "uploaded",
    ["prometheus", "rules"],
    "local",
    "prometheus.rules",
  ),
  one("prometheus", "shards without a store", "local", ["prometheus", "shards"], 2),
  one(
    "prometheus",
    "shards that a workspace would take for replicas",
    "evaluated",
    ["prometheus", "shards"],
    2,
    "prometheus.shards",
  ),
  one(
    "dashboards-read-the-records",
    "dashboards that ask Prometheus for records that it does not have",
    "evaluated",
    ["grafana", "prometheusUrl"],
    "https://prometheus.example.com",
  ),
  one(
    "dashboards-read-the-records",
    "a Grafana that cannot read the records",
    "evaluated",
    ["grafana"],
    { kind: "in-cluster", adminPasswordSecret: "grafanaAdminPassword" },
    "grafana.kind",
  ),
  one(
    "store-reaches-its-receivers",
    "a pager whose key the store cannot read",
    "evaluated",
    [...receivers, "shop-pager", "routingKeyArn"],
    undefined,
  ),
  one("store-reaches-its-receivers", "a receiver that the store cannot send to", "evaluated", chat, {
    type: "slack",
    webhookUrlSecret: "shopSlackUrl",
    channel: "#shop-alerts",
  }),
  {
    rule: "store-reaches-its-receivers",
    says: "a heartbeat that the store cannot send",
    sample: "evaluated",
    changes: [[heartbeat, { type: "webhook", urlSecret: "heartbeatUrl" }]],
    at: "environment.alertmanager.heartbeat.receiver",
  },
  one(
    "topics-are-of-the-account",
    "a topic of another account",
    "evaluated",
    [...chat, "topicArn"],
    "arn:aws:sns:eu-central-1:444455556666:shop-alerts",
  ),
  {
    rule: "topics-are-of-the-account",
    says: "a topic that no role lets Alertmanager publish to",
    sample: "prod",
    changes: [[chat, { type: "sns", topicArn: "arn:aws:sns:eu-central-1:111122223333:shop-alerts" }]],
    at: "environment.alertmanager.receivers.shop-chat.type",
  },
];
