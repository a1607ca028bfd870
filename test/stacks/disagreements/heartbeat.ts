import { type Disagreement, one, receivers } from "./disagreement.ts";

const heartbeat = [...receivers, "dead-mans-switch"];

/** The rules of who notices that alerting is down, each broken once and by nothing else. */
export const HEARTBEAT_DISAGREEMENTS: readonly Disagreement[] = [
  {
    rule: "production-is-watched-from-outside",
    says: "a heartbeat of production that stays on the cluster",
    sample: "prod",
    changes: [[heartbeat, { type: "local-webhook", url: "http://sink.monitoring:8080" }]],
    at: "environment.alertmanager.heartbeat.receiver",
  },
  one(
    "heartbeats-leave-the-region",
    "an alarm in the region of the cluster",
    "guarded",
    [...heartbeat, "region"],
    "eu-central-1",
  ),
  {
    rule: "heartbeats-leave-the-region",
    says: "an alarm on heartbeats of pods without credentials",
    sample: "elsewhere",
    changes: [
      [
        [...receivers, "switch"],
        { type: "aws-heartbeat", region: "eu-west-1", emails: ["oncall@example.com"] },
      ],
      [["alertmanager", "heartbeat", "receiver"], "switch"],
    ],
    at: "environment.alertmanager.receivers.switch.type",
  },
  {
    rule: "alertmanager",
    says: "an alarm that reaches nobody",
    sample: "guarded",
    changes: [[heartbeat, { type: "aws-heartbeat", region: "eu-west-1" }]],
    at: "environment.alertmanager.receivers.dead-mans-switch",
  },
];
