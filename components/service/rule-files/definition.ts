import { z } from "zod";
import { durationBetween, integer, list, named, text } from "../../core/schema.ts";

// Rule files of a team, taken as they are. What is added to their rules stands in rules.ts.

/** The path of a file, from the file of the definition. */
const path = () =>
  text(/^[^\s\\][^\n\\]{0,198}\.(?:ya?ml|json)$/, "the path of a rule file, such as ./orders.rules.yaml");

const labels = () =>
  named(
    text(/^[a-zA-Z_]\w{0,99}$/, "the name of a label"),
    z.string({ error: "the value of a label, as a text" }),
  ).optional();

const held = () => durationBetween("0s", "30d").optional();

const rule = z.strictObject({
  alert: text(/^[A-Za-z_]\w{1,99}$/, "the name of an alert")
    .optional()
    .meta({ description: "Name of the alert. Either alert or record." }),
  record: text(/^[a-zA-Z_:][\w:]{0,199}$/, "the name of a series")
    .optional()
    .meta({ description: "Name of the series. Either alert or record." }),
  expr: z.string({ error: "a PromQL query" }).min(1, { error: "a PromQL query" }),
  for: held(),
  keep_firing_for: held(),
  labels: labels().meta({ description: "Labels. An alert needs severity: critical, warning or info." }),
  annotations: labels(),
});

const group = z.strictObject({
  name: text(/^\S[^\n]{0,99}$/, "the name of a rule group"),
  interval: durationBetween("1s", "1d")
    .optional()
    .meta({ description: "Time between two evaluations. Default: the scrape interval of the service." }),
  limit: integer(0, 1_000_000).optional(),
  query_offset: held(),
  labels: labels().meta({ description: "Labels of every rule of the group." }),
  rules: list(rule, 1, 1_000),
});

const content = z.strictObject({
  file: path().meta({ description: "What the file is called." }),
  groups: list(group, 1, 100).meta({ description: "The groups of the file." }),
});

/** A path, which defineService replaces by what the file contains. */
const ruleFile = z.union([path(), content], {
  error: "the path of a rule file, such as ./orders.rules.yaml, or a map of file and groups",
});

export const ruleFiles = () => list(ruleFile, 0, 20);

export type RuleFileContent = Readonly<z.output<typeof content>>;
export type TeamRuleGroup = RuleFileContent["groups"][number];
export type TeamRule = TeamRuleGroup["rules"][number];
