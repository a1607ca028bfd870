import type { Mistake } from "./mistake.ts";

const RULES = { type: "aws:amp/ruleGroupNamespace:RuleGroupNamespace", name: "stored-rules-services-shop" };
const ROUTES = { type: "aws:amp/alertManagerDefinition:AlertManagerDefinition", name: "stored-rules" };
const POLICY = { type: "aws:sns/topicPolicy:TopicPolicy", name: "store-heartbeat" };

/** Mistakes in rules and routes of a workspace. */
export const STORED_RULES_MISTAKES: Readonly<Record<string, Mistake>> = {
  "two groups that became one": {
    ...RULES,
    make: (inputs) =>
      (inputs.data = inputs.data.replace(
        / {2}- name: service-pricing\.latency-2\n(?: {4}\w+: \S+\n)* {4}rules:\n/,
        "",
      )),
    says: /service-pricing\.latency is 28 rules; allowed: 20 rules/,
  },
  "a group without an interval": {
    ...RULES,
    make: (inputs) => (inputs.data = inputs.data.replace("    interval: 30s\n", "")),
    says: /no interval/,
  },
  "a name of a namespace with a slash": {
    ...RULES,
    make: (inputs) => (inputs.name = "/"),
    says: /name is "\/"/,
  },
  "a receiver that the workspace does not know": {
    ...ROUTES,
    make: (inputs) => (inputs.definition = inputs.definition.replace("sns_configs:", "webhook_configs:")),
    says: /webhook_configs/,
  },
  "heartbeats that the workspace may not publish": {
    ...POLICY,
    make: (inputs) => (inputs.policy = inputs.policy.replace("aps.amazonaws.com", "aps.amazonaws.co")),
    says: /no topic of the stack whose policy lets/,
  },
  "an action of SNS that there is not": {
    ...POLICY,
    make: (inputs) => (inputs.policy = inputs.policy.replace("sns:Publish", "sns:Publsh")),
    says: /sns:Publsh/,
  },
};
