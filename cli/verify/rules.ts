import { seconds } from "../../components/core/duration.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "../../components/core/rules.ts";
import { type Finding, ok, wrong } from "../doctor/finding.ts";
import { count } from "../report/numbers.ts";
import type { LoadedGroup, LoadedRule, Prometheus } from "./prometheus.ts";

// Whether Prometheus has the rules of a service as they are rendered.

/** What is wrong with the rule groups of a service among those that are loaded; `namespace` is that of its PrometheusRule. */
export async function ruleFindings(
  rendered: readonly RuleGroup[],
  loaded: readonly LoadedGroup[],
  prometheus: Prometheus,
  namespace: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const group of rendered) findings.push(await groupFinding(group, loaded, prometheus, namespace));
  return findings;
}

/** What is wrong with rule groups that the long-term storage evaluates: each that Prometheus has loaded as well. */
export function storedRuleFindings(
  rendered: readonly RuleGroup[],
  loaded: readonly LoadedGroup[],
): Finding[] {
  return rendered.map(({ name, rules }) => {
    const check = `rules ${name}`;
    if (!loaded.some((group) => group.name === name))
      return ok(check, `${count(rules.length, "rule")}, left to the long-term storage`);
    return wrong(check, {
      found: "loaded, although prometheus.rules is store",
      allowed: "not loaded: the long-term storage evaluates the group, and both would count",
      fix: "run pulumi up, and wait until the operator has given Prometheus the rules",
    });
  });
}

async function groupFinding(
  { name, interval, rules }: RuleGroup,
  loaded: readonly LoadedGroup[],
  prometheus: Prometheus,
  namespace: string,
): Promise<Finding> {
  const check = `rules ${name}`;
  const there = loaded.find((group) => group.name === name);
  if (there === undefined)
    return wrong(check, {
      found: "not loaded",
      allowed: `the ${count(rules.length, "rule")} of the group`,
      fix: `run pulumi up; if it is up to date, the operator refused the PrometheusRule or its selectors leave it out: kubectl get prometheusrule --namespace ${namespace}`,
    });
  const changes = await changesOf(rules, there.rules, prometheus);
  if (there.interval !== seconds(interval))
    changes.unshift(`the group is evaluated every ${there.interval}s instead of ${interval}`);
  const failing = there.rules.filter(({ health }) => health === "err");
  changes.push(...failing.map(({ name: rule, lastError }) => `${rule} fails: ${lastError}`));
  if (changes.length === 0) return ok(check, `${count(rules.length, "rule")}, as rendered`);
  const more = changes.length > 3 ? `, and ${changes.length - 3} more` : "";
  return wrong(check, {
    found: `${changes.slice(0, 3).join("; ")}${more}`,
    allowed: "the rules as this version of the definition renders them",
    fix: "run pulumi up, and find out who changed them: docs/how-to/find-drift.md",
  });
}

function nameOf(rule: RecordingRule | AlertingRule): string {
  return "alert" in rule ? rule.alert : rule.record;
}

async function changesOf(
  rendered: RuleGroup["rules"],
  loaded: readonly LoadedRule[],
  prometheus: Prometheus,
): Promise<string[]> {
  // Several rules of a group may share a name: the first of that name and labels is meant.
  const left = [...loaded];
  const changes: string[] = [];
  for (const rule of rendered) {
    const name = nameOf(rule);
    const index = left.findIndex((each) => each.name === name && hasLabels(each, rule.labels));
    const [there] = index === -1 ? [] : left.splice(index, 1);
    if (there === undefined) changes.push(`${name} is missing, or has other labels`);
    else changes.push(...(await changeOf(rule, there, prometheus)));
  }
  return [...changes, ...left.map(({ name }) => `${name} is not rendered`)];
}

function hasLabels({ labels = {} }: LoadedRule, wanted: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(wanted);
  return Object.keys(labels).length === names.length && names.every((name) => labels[name] === wanted[name]);
}

async function changeOf(
  rule: RecordingRule | AlertingRule,
  there: LoadedRule,
  prometheus: Prometheus,
): Promise<string[]> {
  const name = nameOf(rule);
  if ("alert" in rule) {
    if ((there.duration ?? 0) !== seconds(rule.for ?? "0s"))
      return [`${name} has for: ${there.duration ?? 0}s instead of ${rule.for ?? "0s"}`];
    if ((there.keepFiringFor ?? 0) !== seconds(rule.keep_firing_for ?? "0s"))
      return [
        `${name} has keep_firing_for: ${there.keepFiringFor ?? 0}s instead of ${rule.keep_firing_for ?? "0s"}`,
      ];
  }
  if (withoutBlanks(rule.expr) === withoutBlanks(there.query)) return [];
  // Prometheus prints its tree, and formats both alike.
  const [wanted, found] = await Promise.all([
    prometheus.formatted(rule.expr),
    prometheus.formatted(there.query),
  ]);
  return wanted === found ? [] : [`${name} has another query`];
}

function withoutBlanks(query: string): string {
  return query.replaceAll(/\s+/g, "");
}
