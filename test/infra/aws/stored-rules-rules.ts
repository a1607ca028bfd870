import { parse } from "yaml";
import type { Finding } from "./fault.ts";
import type { Rule } from "./role-rules.ts";

// What must hold of rules and routes in a workspace, by the quotas and the user guide of Amazon Managed Service for Prometheus.

const NAMESPACE = "aws:amp/ruleGroupNamespace:RuleGroupNamespace";
const DEFINITION = "aws:amp/alertManagerDefinition:AlertManagerDefinition";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

interface Group {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly { readonly expr: string }[];
}

/** Twenty rules in a group, a hundred groups and a megabyte; what names no interval is evaluated every minute. */
export const groupsFitTheWorkspace: Rule = ({ type, inputs }) => {
  if (type !== NAMESPACE) return [];
  const { groups } = parse(inputs.data) as { readonly groups: readonly Group[] };
  return [
    ...groups
      .filter(({ rules }) => rules.length > 20)
      .map(({ name, rules }) => ({
        at: `data.${name}`,
        found: `${rules.length} rules`,
        allowed: "20 rules",
      })),
    ...groups
      .filter(({ interval }) => interval === undefined)
      .map(({ name }) => ({ at: `data.${name}`, found: "no interval", allowed: "an interval" })),
    ...(groups.length > 100 ? [{ at: "data", found: `${groups.length} groups`, allowed: "100 groups" }] : []),
  ];
};

/** The alert manager of a workspace sends to PagerDuty and SNS alone, and reads no file. */
export const theWorkspaceReachesItsReceivers: Rule = ({ type, inputs }, graph) => {
  if (type !== DEFINITION) return [];
  const { alertmanager_config: text } = parse(inputs.definition) as { readonly alertmanager_config: string };
  const { receivers } = parse(text) as { readonly receivers: readonly Record<string, unknown>[] };
  const known = new Set(["name", "pagerduty_configs", "sns_configs"]);
  const findings: Finding[] = receivers.flatMap(({ name, ...integrations }) =>
    Object.keys(integrations)
      .filter((key) => !known.has(key))
      .map((key) => ({
        at: `receivers.${String(name)}`,
        found: key,
        allowed: "pagerduty_configs and sns_configs",
      })),
  );
  if (/_file:|\/etc\//.test(text)) findings.push({ at: "definition", found: "a file", allowed: "no file" });
  const topics = [...text.matchAll(/topic_arn: (\S+)/g)].map(([, arn]) => arn);
  const ours = graph.ofType(TOPIC_POLICY).filter(({ inputs: { policy } }) => {
    const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Record<string, unknown>[] };
    return Statement.some(
      ({ Principal, Resource }) =>
        (Principal as { readonly Service?: string }).Service === "aps.amazonaws.com" &&
        topics.includes(Resource as string),
    );
  });
  if (ours.length === 0)
    findings.push({
      at: "definition",
      found: "no topic of the stack whose policy lets aps.amazonaws.com publish",
      allowed: "a topic of heartbeats that the workspace may publish to",
    });
  return findings;
};
