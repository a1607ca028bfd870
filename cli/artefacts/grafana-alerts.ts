import type { RecordedResource } from "../recording/monitor.ts";
import { at, itemsOf, textAt, textsOf, type Wire } from "../recording/wire.ts";
import type { RecordedObject } from "./manifests.ts";

/** An alert that Grafana will evaluate, however it gets there. */
export interface RecordedGrafanaAlert {
  readonly name: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What is asked and compared, one step a line. */
  readonly condition: string;
  /** The contact point that it names; undefined where the notification policy chooses. */
  readonly contactPoint: string | undefined;
}

/** The alerts of Grafana's API, or of the files that a Grafana on the cluster reads. */
export function grafanaAlerts(
  resources: readonly RecordedResource[],
  objects: readonly RecordedObject[],
): readonly RecordedGrafanaAlert[] {
  const byApi = resources
    .filter(({ type }) => type === "grafana:alerting/ruleGroup:RuleGroup")
    .flatMap(({ inputs }) => itemsOf(at(inputs, "rules")))
    .map((rule) => ({
      ...common(rule),
      name: textAt(rule, "name") ?? "",
      condition: condition(itemsOf(at(rule, "datas")), (step) => JSON.parse(textAt(step, "model") ?? "{}")),
      contactPoint: textAt(rule, "notificationSettings", "contactPoint"),
    }));
  const byFile = objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap(({ object }) => textAt(object, "data", RULES_FILE) ?? [])
    .flatMap((text) => itemsOf(at(JSON.parse(text) as Wire, "groups")))
    .flatMap((group) => itemsOf(at(group, "rules")))
    .map((rule) => ({
      ...common(rule),
      name: textAt(rule, "title") ?? "",
      condition: condition(itemsOf(at(rule, "data")), (step) => at(step, "model") ?? {}),
      contactPoint: textAt(rule, "notification_settings", "receiver"),
    }));
  return [...byApi, ...byFile];
}

/** As components/grafana calls it among the files of its ConfigMap. */
const RULES_FILE = "alerting-rules.json";

function common(rule: Wire) {
  return {
    for: textAt(rule, "for") ?? "0s",
    labels: textsOf(at(rule, "labels")),
    annotations: textsOf(at(rule, "annotations")),
  };
}

function condition(steps: readonly Wire[], modelOf: (step: Wire) => Wire): string {
  return steps.map((step) => `${textAt(step, "refId") ?? ""}: ${stepText(modelOf(step))}`).join("\n");
}

function stepText(model: Wire): string {
  const asked = textAt(model, "expr") ?? textAt(model, "sqlExpression");
  if (asked !== undefined) return asked;
  const over = textAt(model, "expression") ?? "";
  switch (textAt(model, "type")) {
    case "reduce":
      return `${textAt(model, "reducer") ?? ""} of ${over}`;
    case "threshold": {
      const evaluator = at(itemsOf(at(model, "conditions"))[0], "evaluator");
      const side = textAt(evaluator, "type") === "gt" ? ">" : "<";
      return `${over} ${side} ${itemsOf(at(evaluator, "params")).join(", ")}`;
    }
    default:
      return over;
  }
}
