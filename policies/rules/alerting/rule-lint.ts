import { EVALUATED_BY } from "../../../components/core/labels.ts";
import { memoizeByObject } from "../../../components/core/memoize.ts";
import type { WrittenRule } from "../../../components/core/rules.ts";
import { type LintResult, lint } from "../../../components/lint/lint.ts";
import type { SourcedGroup } from "../../../components/lint/rule.ts";
import { SHARED, type StackPolicy } from "../policy.ts";
import { type StackResource, TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, type Violation } from "../violation.ts";
import { surroundingsOf } from "./surroundings.ts";

/** What alert-severity, alert-owner and alert-annotations say already. */
const SAID_ELSEWHERE = ["alert-metadata"];

export const ruleLint: StackPolicy = {
  id: "rule-lint",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title:
    "Every rule passes the rule linter: its metrics are scraped, its ranges fit the scrape interval, its limits can be reached.",
  why: "A rule that Prometheus accepts can still never fire, or fire at the wrong time or without a usable text.",
  fix: "change the rule as the message says, or snooze the check in stacks/waivers.yaml; docs/how-to/lint-rules.md explains each",
  severity: "high",
  levels: SHARED,
  check: (resources, { today, snoozes = [] }) => {
    const { groups, stored, undecided } = groupsOf(resources);
    const around = surroundingsOf(resources);
    const complete = around.surroundings.complete && undecided.length === 0;
    // Each evaluator by itself: a heartbeat of each is no rule twice.
    const evaluators = [
      groups.filter((group) => !stored.has(group.source)),
      groups.filter((group) => stored.has(group.source)),
    ];
    const results = evaluators
      .filter((some, index) => index === 0 || some.length > 0)
      .map((some) =>
        lint(some, { ...around.surroundings, complete }, { snoozes, today, without: SAID_ELSEWHERE }),
      );
    const findings = results.flatMap((result) => result.findings);
    const snoozed = results.flatMap((result) => result.snoozed);
    return [
      ...undecided,
      ...around.undecided,
      ...findings.map(violationOf),
      ...snoozed.map(({ snooze: { owner, expires, reason }, ...finding }) => ({
        ...violationOf(finding),
        snoozed: { owner, expires, reason },
      })),
    ];
  },
};

function violationOf({ check, rule, source, what, fix, expired }: LintResult["findings"][number]): Violation {
  const void_ = expired
    ? `[the snooze by ${expired.owner} expired on ${expired.expires} and is not valid] `
    : "";
  return { what: `${void_}${rule} ${what}; ${fix} (${check})`, urn: source };
}

/** The rules of a stack, and a violation for each rule that is left out because a part of it is known only after the deployment. */
export interface StackGroups {
  readonly groups: readonly SourcedGroup[];
  /** The sources of the groups that the long-term storage evaluates. */
  readonly stored: ReadonlySet<string>;
  readonly undecided: readonly Violation[];
}

/** The rules of a stack. Read once for each list of resources: the linters of rules and of dashboards both need them. */
export const groupsOf: (resources: readonly StackResource[]) => StackGroups = memoizeByObject(readGroupsOf);

function readGroupsOf(resources: readonly StackResource[]): StackGroups {
  const groups: SourcedGroup[] = [];
  const rules = resources.filter(({ type }) => type === TYPES.prometheusRule);
  const stored = rules.filter(
    ({ properties }) => properties.at("metadata", "labels").texts()[EVALUATED_BY] === "store",
  );
  const undecided = rules.flatMap((resource) =>
    judge(
      () =>
        resource.properties
          .at("spec", "groups")
          .items()
          .flatMap((group) => readGroup(group, resource, groups)),
      resource,
    ),
  );
  return { groups, stored: new Set(stored.map(({ urn }) => urn)), undecided };
}

function readGroup(group: Value, resource: StackResource, groups: SourcedGroup[]): Violation[] {
  const rules: WrittenRule[] = [];
  const undecided = group
    .at("rules")
    .items()
    .flatMap((rule) => judge(() => void rules.push(writtenRule(rule)), resource));
  const interval = group.at("interval").text();
  groups.push({
    source: resource.urn,
    name: group.at("name").text() ?? "",
    rules,
    ...(interval === undefined ? {} : { interval }),
  });
  return undecided;
}

function writtenRule(rule: Value): WrittenRule {
  const wait = rule.at("for").text();
  const name = rule.at("alert").text();
  return {
    ...(name === undefined ? { record: rule.at("record").text() ?? "" } : { alert: name }),
    expr: rule.at("expr").text() ?? "",
    ...(wait === undefined ? {} : { for: wait }),
    labels: rule.at("labels").texts(),
    annotations: knownTexts(rule.at("annotations")),
  };
}

/** A text that is known only later, such as a link, shows no label that could be missing. */
function knownTexts(map: Value): Record<string, string> {
  return Object.fromEntries(
    map.fields().flatMap(([name, value]) => {
      const text = value.known ? value.text() : undefined;
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
