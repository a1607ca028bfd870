import type { ReceiverSettings } from "../../components/alertmanager/model.ts";
import { type Problem, shown } from "../../components/core/problems.ts";
import { awsHeartbeat } from "../../components/heartbeat/model.ts";
import type { Environment } from "../environment.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const AT = `${ROOT}.alertmanager`;

/** What the alert manager of the store cannot send to, and why; undefined for a receiver that it can. */
function unreachable(receiver: ReceiverSettings): { readonly why: string; readonly fix: string } | undefined {
  const topic = "send to a topic with a receiver of type sns, and subscribe there what reads it";
  switch (receiver.type) {
    case "sns":
    case "aws-heartbeat":
      return undefined;
    case "pagerduty":
      return receiver.routingKeyArn === undefined
        ? {
            why: "without routingKeyArn: it reads the key in AWS Secrets Manager alone",
            fix: "store the key there and add routingKeyArn",
          }
        : undefined;
    case "slack":
      return { why: "it sends to SNS and PagerDuty alone", fix: `${topic}, such as AWS Chatbot for Slack` };
    case "email":
      return { why: "it sends to SNS and PagerDuty alone", fix: `${topic}, such as e-mail addresses` };
    case "webhook":
    case "local-webhook":
      return { why: "it sends to SNS and PagerDuty alone", fix: `${topic}, such as the https URL` };
  }
}

/** Whether the store has an alert manager and records of its own. Thanos Ruler sends to the Alertmanager of the cluster, and Thanos Query has its records. */
function isApart({ rules, store }: Environment["prometheus"]): boolean {
  return rules === "store" && store.kind !== "thanos";
}

const storeReachesItsReceivers: EnvironmentRule = {
  id: "store-reaches-its-receivers",
  reads: ["prometheus", "alertmanager"],
  check: ({ prometheus, alertmanager }) => {
    if (!isApart(prometheus)) return [];
    const { receivers, heartbeat } = alertmanager;
    const named = Object.entries(receivers).filter(([name]) => name !== heartbeat.receiver);
    const problems: Problem[] = named.flatMap(([name, receiver]) => {
      const reason = unreachable(receiver);
      if (reason === undefined) return [];
      return [
        {
          path: `${AT}.receivers.${name}${receiver.type === "pagerduty" ? ".routingKeyArn" : ""}`,
          found: `${receiver.type === "pagerduty" ? "nothing" : `the type ${receiver.type}`}, and prometheus.rules is store`,
          allowed: `sns, or pagerduty with routingKeyArn. The alert manager of the store cannot use this one: ${reason.why}`,
          fix: `${reason.fix}; or write rules: local`,
        },
      ];
    });
    const receiver = Object.hasOwn(receivers, heartbeat.receiver) ? receivers[heartbeat.receiver] : undefined;
    if (receiver !== undefined && awsHeartbeat(alertmanager) === undefined)
      problems.push({
        path: `${AT}.heartbeat.receiver`,
        found: `${shown(heartbeat.receiver)}, of type ${receiver.type}, and prometheus.rules is store`,
        allowed: "aws-heartbeat: the alert manager of the store sends its heartbeat to SNS alone",
        fix: "define a receiver of type aws-heartbeat and name it here; or write rules: local",
      });
    return problems;
  },
};

const topicsAreOfTheAccount: EnvironmentRule = {
  id: "topics-are-of-the-account",
  reads: ["aws", "alertmanager"],
  check: ({ aws, alertmanager }) =>
    Object.entries(alertmanager.receivers).flatMap(([name, receiver]): Problem[] => {
      if (receiver.type !== "sns") return [];
      const path = `${AT}.receivers.${name}`;
      if (awsHeartbeat(alertmanager) === undefined)
        return [
          {
            path: `${path}.type`,
            found: "sns, and a heartbeat of another type than aws-heartbeat",
            allowed:
              "sns with a heartbeat of type aws-heartbeat: its role is the one that Alertmanager publishes with",
            fix: "define a receiver of type aws-heartbeat and name it in heartbeat.receiver",
          },
        ];
      const account = receiver.topicArn.split(":")[4];
      if (aws === undefined || account === aws.accountId) return [];
      return [
        {
          path: `${path}.topicArn`,
          found: `a topic of the account ${account}`,
          allowed: `a topic of aws.accountId, ${aws.accountId}`,
          fix: "create the topic in that account",
        },
      ];
    }),
};

/** Records and ALERTS of the store are in the store alone: dashboards that ask Prometheus would show no objective. */
const dashboardsReadTheRecords: EnvironmentRule = {
  id: "dashboards-read-the-records",
  reads: ["prometheus", "grafana"],
  check: ({ prometheus, grafana }) => {
    if (!isApart(prometheus)) return [];
    if (grafana.kind === "amazon-managed")
      return grafana.prometheusUrl === undefined
        ? []
        : [
            {
              path: `${ROOT}.grafana.prometheusUrl`,
              found: "a URL of Prometheus, and prometheus.rules is store",
              allowed:
                "nothing: the records of objectives and the alerts are in the workspace, which Grafana then queries",
              fix: "remove prometheusUrl, or write rules: local",
            },
          ];
    return [
      {
        path: `${ROOT}.grafana.kind`,
        found: `${grafana.kind}, and prometheus.rules is store`,
        allowed:
          "amazon-managed: the records of objectives and the alerts are in the workspace, and only this Grafana has a role that queries it",
        fix: "choose the kind amazon-managed without prometheusUrl, or write rules: local",
      },
    ];
  },
};

/** The rules of what surrounds rules that the long-term storage evaluates. */
export const STORED_RULES_RULES: readonly EnvironmentRule[] = [
  dashboardsReadTheRecords,
  storeReachesItsReceivers,
  topicsAreOfTheAccount,
];
