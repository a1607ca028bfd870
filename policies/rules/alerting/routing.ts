import { parse } from "yaml";
import { objectName, objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { Value } from "../value.ts";

type Labels = Readonly<Record<string, string>>;

/** Where an alert ends: a receiver, and how far below the root of the tree the route stands that names it. */
interface Destination {
  readonly receiver: string;
  /** 0 is the root, which catches what nobody thought of. */
  readonly depth: number;
}

/** Alertmanager's configuration as it is deployed. */
export interface Routing {
  /** The receivers that are defined, and whether each of them notifies anybody. */
  readonly receivers: ReadonlyMap<string, boolean>;
  /** The labels that any route asks for, sorted; not the name of the alert, which each has. */
  readonly labels: readonly string[];
  /** The ends of an alert with these labels, in the tree's order. */
  readonly destinations: (labels: Labels) => Destination[];
}

/** The key of the Secret in which the operator looks for the configuration. */
const CONFIG_KEY = "alertmanager.yaml";

/**
 * The routing of an Alertmanager, from the Secret that its `configSecret` names; undefined where no such Secret is part of
 * the stack. Throws NotYetKnown where the configuration is known only after deployment.
 */
export function routingOf(
  alertmanager: StackResource,
  resources: readonly StackResource[],
): Routing | undefined {
  // Left out, the operator takes the Secret of this name.
  const name =
    alertmanager.properties.at("spec", "configSecret").text() ?? `alertmanager-${objectName(alertmanager)}`;
  const secret = resources.find(
    (resource) =>
      resource.type === TYPES.secret &&
      objectName(resource) === name &&
      objectNamespace(resource) === objectNamespace(alertmanager),
  );
  const text = secret && configText(secret);
  return text === undefined ? undefined : parseRouting(text);
}

/**
 * The whole text, which counts as secret: messages may show the names of receivers, which are ours, and nothing else of it.
 * Before deployment it stands in `stringData`; Kubernetes moves it into `data`, in Base64.
 */
function configText(secret: StackResource): string | undefined {
  const plain = secret.properties.at("stringData", CONFIG_KEY).text();
  if (plain !== undefined) return plain;
  const encoded = secret.properties.at("data", CONFIG_KEY).text();
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

/** The routing that Alertmanager's YAML describes. Text that is no YAML describes none: no receiver, no route. */
export function parseRouting(text: string): Routing {
  const config = new Value(parseOrNothing(text));
  const receivers = new Map(
    config
      .at("receivers")
      .items()
      .map((receiver) => [receiver.at("name").text() ?? "", notifies(receiver)]),
  );
  const root = config.at("route");
  const labels = [...new Set(labelsAskedFor(root))].filter((label) => label !== "alertname").sort();
  return { receivers, labels, destinations: (labels) => (root.exists ? walk(root, labels, "", 0, 0) : []) };
}

function parseOrNothing(text: string): unknown {
  try {
    // At the level "silent" the library would return a part of invalid YAML instead of throwing.
    return parse(text, { merge: true, logLevel: "error" });
  } catch {
    return undefined;
  }
}

/** A receiver without a single configuration is Alertmanager's way to say nobody. */
function notifies(receiver: Value): boolean {
  return receiver.fields().some(([name, list]) => name.endsWith("_configs") && list.items().length > 0);
}

/** Within a team's routes a namespace only says who owns it: an alert without one goes to the team that it names. */
function labelsAskedFor(route: Value, withinTeam = false): string[] {
  const own = ownLabels(route).filter((label) => !(withinTeam && label === "namespace"));
  const ofTeam = withinTeam || own.includes("team");
  return [
    ...own,
    ...route
      .at("routes")
      .items()
      .flatMap((inner) => labelsAskedFor(inner, ofTeam)),
  ];
}

function ownLabels(route: Value): string[] {
  return [
    ...route
      .at("matchers")
      .items()
      .map((matcher) => parseMatcher(matcher.text() ?? "").name),
    ...Object.keys({ ...route.at("match").texts(), ...route.at("match_re").texts() }),
  ].filter((label) => label !== "");
}

/** Alertmanager's own walk: the first child that matches takes the alert, and later ones too if it says `continue`. */
function walk(
  route: Value,
  labels: Labels,
  inherited: string,
  inheritedDepth: number,
  depth: number,
): Destination[] {
  const own = route.at("receiver").text();
  const receiver = own ?? inherited;
  const receiverDepth = own === undefined ? inheritedDepth : depth;
  const ends: Destination[] = [];
  for (const child of route.at("routes").items()) {
    if (!matchesRoute(child, labels)) continue;
    ends.push(...walk(child, labels, receiver, receiverDepth, depth + 1));
    if (!child.at("continue").is(true)) break;
  }
  return ends.length > 0 ? ends : [{ receiver, depth: receiverDepth }];
}

function matchesRoute(route: Value, labels: Labels): boolean {
  return (
    route
      .at("matchers")
      .items()
      .every((matcher) => matches(matcher.text() ?? "", labels)) &&
    Object.entries(route.at("match").texts()).every(([name, value]) => (labels[name] ?? "") === value) &&
    Object.entries(route.at("match_re").texts()).every(([name, pattern]) => fits(pattern, labels[name] ?? ""))
  );
}

/** One matcher, such as `severity="critical"` or `team=~"a|b"`. A label that an alert does not have is empty. */
function matches(matcher: string, labels: Labels): boolean {
  const { name, operator, value } = parseMatcher(matcher);
  const actual = labels[name] ?? "";
  switch (operator) {
    case "=":
      return actual === value;
    case "!=":
      return actual !== value;
    case "=~":
      return fits(value, actual);
    case "!~":
      return !fits(value, actual);
    default:
      return false;
  }
}

function parseMatcher(matcher: string): {
  readonly name: string;
  readonly operator: string | undefined;
  readonly value: string;
} {
  const [, name = "", operator, raw = ""] =
    /^\s*"?([^"=!~\s]+)"?\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(matcher) ?? [];
  const value = /^".*"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(["\\])/g, "$1") : raw;
  return { name, operator, value };
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    // What is no regular expression here, Alertmanager refuses at start; amtool says so, and no route matches.
    return false;
  }
}
