import { EVALUATED_BY } from "../../../components/core/labels.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { unseenObjects } from "../related-resources.ts";
import { type StackResource, TYPES } from "../resource.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";
import { isSelected } from "./selection.ts";

export const ruleSelection: StackPolicy = {
  id: "rule-selection",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title:
    "Every PrometheusRule is selected by a Prometheus or by a ThanosRuler of the stack, and not by both, or loaded into the long-term storage. A Prometheus with shards evaluates its own rules alone.",
  why: "A rule that nothing loads causes no error: its alerts never fire. One that two evaluate writes each record twice, and sums over both are too high.",
  fix: "give the object the labels that spec.ruleSelector of the Prometheus or the ThanosRuler asks for, in a namespace that ruleNamespaceSelector takes; if the long-term storage evaluates it, load its groups there",
  severity: "critical",
  levels: ALWAYS,
  check: (resources) => {
    const servers = resources.filter(({ type }) => type === TYPES.prometheus);
    const rulers = resources.filter(({ type }) => type === TYPES.thanosRuler);
    return judgeResources(
      // Without a Prometheus in the stack its rules run on somebody else's.
      servers.length === 0 ? [] : resources.filter(({ type }) => type === TYPES.prometheusRule),
      (rule) => {
        const isLoaded = servers.some((server) => isSelected(rule, server, resources));
        const isRuled = rulers.some((ruler) => isSelected(rule, ruler, resources));
        if (isLoaded && isRuled) return "a Prometheus and a ThanosRuler of the stack both evaluate its rules";
        if (isRuled) return undefined;
        const { [EVALUATED_BY]: evaluator } = rule.properties.at("metadata", "labels").texts();
        const sharded = servers.find((server) => (server.properties.at("spec", "shards").number() ?? 1) > 1);
        if (sharded !== undefined && isSelected(rule, sharded, resources) && evaluator !== "prometheus")
          return "each shard of the Prometheus evaluates its rules over a part of the series";
        if (rulers.length === 0 && evaluator === "store") return notLoaded(rule, resources);
        if (isLoaded) return undefined;
        const unseen = unseenObjects(resources);
        if (unseen !== undefined) throw new NotVisible(`${unseen} may bring a Prometheus that takes it`);
        return "no Prometheus of the stack loads its rules";
      },
    );
  },
};

/** The groups of an object for the long-term storage that no rule file there has; undefined where all are. */
function notLoaded(rule: StackResource, resources: readonly StackResource[]): string | undefined {
  const files = resources
    .filter(({ type }) => type === TYPES.storedRules)
    .map(({ properties }) => properties.at("data").text() ?? "");
  const missing = rule.properties
    .at("spec", "groups")
    .items()
    .map((group) => group.at("name").text() ?? "")
    .filter((name) => !files.some((text) => text.split("\n").includes(`  - name: ${name}`)));
  if (missing.length === 0) return undefined;
  return `the long-term storage is to evaluate it, and no rule file there has the group ${missing.join(", ")}`;
}
