import type { Rule } from "./role-rules.ts";

// What must hold of an alarm on what is missing, by the user guide of CloudWatch.

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";

/** An alarm is looked at over a day at most, and CloudWatch takes whole minutes of what AWS's services count. */
export const alarmsAreEvaluated: Rule = ({ type, inputs }) => {
  if (type !== ALARM) return [];
  const { period, evaluationPeriods } = inputs;
  return [
    ...(period % 60 === 0 && period > 0
      ? []
      : [{ at: "period", found: `${period}`, allowed: "whole minutes in seconds" }]),
    ...(period * evaluationPeriods <= 86_400
      ? []
      : [
          { at: "evaluationPeriods", found: `${evaluationPeriods} of ${period} s`, allowed: "a day at most" },
        ]),
  ];
};

/** A metric of a topic is that of one that there is, in the same region, and what does not come is bad. */
export const silencesAreNoticed: Rule = (alarm, graph) => {
  if (alarm.type !== ALARM || alarm.inputs.namespace !== "AWS/SNS") return [];
  const { dimensions, treatMissingData, alarmActions = [] } = alarm.inputs;
  const counted = graph.ofType(TOPIC).filter(({ inputs }) => inputs.name === dimensions.TopicName);
  const told = graph.behind(alarm, "alarmActions", TOPIC);
  const subscribed = told.filter(
    (topic) => graph.referringTo(topic, "aws:sns/topicSubscription:TopicSubscription", "topic").length > 0,
  );
  return [
    ...(counted.length === 1
      ? []
      : [{ at: "dimensions.TopicName", found: dimensions.TopicName, allowed: "the name of a topic" }]),
    ...(treatMissingData === "breaching"
      ? []
      : [
          {
            at: "treatMissingData",
            found: `${treatMissingData}`,
            allowed: "breaching: a topic without messages has no metric",
          },
        ]),
    ...(alarmActions.length > 0 && subscribed.length === told.length
      ? []
      : [{ at: "alarmActions", found: "nobody who is subscribed", allowed: "a topic with a subscription" }]),
    ...(told.some((topic) => counted.includes(topic))
      ? [
          {
            at: "alarmActions",
            found: "the topic of heartbeats",
            allowed: "another: the alarm would be a heartbeat",
          },
        ]
      : []),
  ];
};
