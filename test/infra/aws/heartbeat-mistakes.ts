import type { Mistake } from "./mistake.ts";

const ALARM = { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "heartbeat" };

/** Mistakes in an alarm on heartbeats. */
export const HEARTBEAT_MISTAKES: Readonly<Record<string, Mistake>> = {
  "an alarm that takes silence for good": {
    ...ALARM,
    make: (inputs) => (inputs.treatMissingData = "notBreaching"),
    says: /treatMissingData is notBreaching/,
  },
  "an alarm on the messages of no topic": {
    ...ALARM,
    make: (inputs) => (inputs.dimensions.TopicName = "bellwether-prod-hartbeat"),
    says: /TopicName is bellwether-prod-hartbeat/,
  },
  "a comparison that CloudWatch does not know": {
    ...ALARM,
    make: (inputs) => (inputs.comparisonOperator = "LessThan"),
    says: /ComparisonOperator is "LessThan"/,
  },
  "half a minute as a period": {
    ...ALARM,
    make: (inputs) => (inputs.period = 90),
    says: /period is 90; allowed: whole minutes/,
  },
  "an alarm that is looked at over two days": {
    ...ALARM,
    make: (inputs) => (inputs.evaluationPeriods = 600),
    says: /allowed: a day at most/,
  },
  "an alarm that reaches nobody": {
    ...ALARM,
    make: (inputs) => (inputs.alarmActions = []),
    says: /nobody who is subscribed/,
  },
  "heartbeats that any pod of the account could send": {
    type: "aws:iam/role:Role",
    name: "heartbeat",
    make: (inputs) => {
      const document = JSON.parse(inputs.assumeRolePolicy);
      delete document.Statement[0].Condition;
      inputs.assumeRolePolicy = JSON.stringify(document);
    },
    says: /Role heartbeat|PodIdentityAssociation heartbeat/,
  },
};
