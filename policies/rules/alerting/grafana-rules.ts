import { type StackResource, TYPES } from "../resource.ts";
import { Value } from "../value.ts";

/** An alert that Grafana evaluates, whichever way it gets there. */
export interface GrafanaRule {
  readonly resource: StackResource;
  readonly name: string;
  readonly labels: Value;
  readonly annotations: Value;
  /** What each step asks or computes. */
  readonly models: readonly Value[];
  /** The contact point that it names; does not exist where the notification policy chooses. */
  readonly contactPoint: Value;
}

/** The rules of Grafana's API, and those in the files of a ConfigMap. Throws NotYetKnown where these are not known yet. */
export function grafanaRulesOf(resource: StackResource): readonly GrafanaRule[] {
  switch (resource.type) {
    case TYPES.grafanaRules:
      return resource.properties
        .at("rules")
        .items()
        .map((rule) => ({
          resource,
          name: rule.at("name").text() ?? rule.path,
          labels: rule.at("labels"),
          annotations: rule.at("annotations"),
          models: rule
            .at("datas")
            .items()
            .map((step) => parsed(step.at("model"))),
          contactPoint: rule.at("notificationSettings", "contactPoint"),
        }));
    case TYPES.configMap:
      return provisioned(resource, "rules")
        .flatMap((file) => file.at("groups").items())
        .flatMap((group) => group.at("rules").items())
        .map((rule) => ({
          resource,
          name: rule.at("title").text() ?? rule.path,
          labels: rule.at("labels"),
          annotations: rule.at("annotations"),
          models: rule
            .at("data")
            .items()
            .map((step) => step.at("model")),
          contactPoint: rule.at("notification_settings", "receiver"),
        }));
    default:
      return [];
  }
}

/** The names of contact points that somebody stands behind. */
export function contactPointsOf(resource: StackResource): readonly string[] {
  if (resource.type === TYPES.grafanaContactPoint) {
    const { properties } = resource;
    const ways = properties
      .fields()
      .filter(([name, value]) => name.endsWith("s") && value.items().length > 0);
    return ways.length === 0 ? [] : [properties.at("name").text() ?? ""];
  }
  return provisioned(resource, "contact-points")
    .flatMap((file) => file.at("contactPoints").items())
    .filter((point) => point.at("receivers").items().length > 0)
    .map((point) => point.at("name").text() ?? "");
}

/** Whether a notification policy chooses for rules that do not. */
export function hasNotificationPolicy(resource: StackResource): boolean {
  return (
    resource.type === TYPES.grafanaNotificationPolicy ||
    provisioned(resource, "notification-policy").length > 0
  );
}

/** A file that a Grafana on the cluster is given, by its name there. */
function provisioned({ type, properties }: StackResource, name: string): Value[] {
  if (type !== TYPES.configMap) return [];
  const file = properties.at("data", `alerting-${name}.json`);
  return file.exists ? [parsed(file)] : [];
}

function parsed(text: Value): Value {
  try {
    return new Value(JSON.parse(text.text() ?? "null"), text.path);
  } catch (error) {
    if (error instanceof SyntaxError) return new Value(undefined, text.path);
    throw error;
  }
}
