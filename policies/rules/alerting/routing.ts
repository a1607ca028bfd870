import { memoize } from "../../../components/core/memoize.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { Value } from "../value.ts";
import { parsedConfiguration } from "./configuration.ts";
import { type Labels, matchersOf, matches } from "./matchers.ts";

/** Where an alert ends: a receiver, and how far below the root of the tree the route stands that names it. */
export interface Destination {
  readonly receiver: string;
  /** 0 is the root, which catches what nobody thought of. */
  readonly depth: number;
  /** How the alert is told there; what a route leaves out it has from the one above. */
  readonly timing: RouteTiming;
}

/** What a route says of groups and times, as it is written: durations in Alertmanager's words. */
interface RouteTiming {
  readonly groupBy: readonly string[];
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
  /** Whether times are named in which the route is silent: Alertmanager does not inherit this. */
  readonly isMutedAtTimes: boolean;
}

/** Alertmanager's defaults: https://prometheus.io/docs/alerting/latest/configuration/#route */
const DEFAULT_TIMING: RouteTiming = {
  groupBy: [],
  groupWait: "30s",
  groupInterval: "5m",
  repeatInterval: "4h",
  isMutedAtTimes: false,
};

/** Alertmanager's configuration as it is deployed. */
export interface Routing {
  /** The receivers that are defined, and whether each of them notifies anybody. */
  readonly receivers: ReadonlyMap<string, boolean>;
  /** The ways in which a receiver notifies, such as `pagerduty`, by its name. */
  readonly ways: ReadonlyMap<string, readonly string[]>;
  /** The rules of inhibition. */
  readonly inhibitions: readonly Value[];
  /** The labels that any route asks for, sorted; not the name of the alert, which each has. */
  readonly labels: readonly string[];
  /** The ends of an alert with these labels, in the tree's order. */
  readonly destinations: (labels: Labels) => Destination[];
}

/** The key of the Secret in which the operator looks for the configuration. */
export const ALERTMANAGER_CONFIG_KEY = "alertmanager.yaml";

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
  const plain = secret.properties.at("stringData", ALERTMANAGER_CONFIG_KEY).text();
  if (plain !== undefined) return plain;
  const encoded = secret.properties.at("data", ALERTMANAGER_CONFIG_KEY).text();
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

/**
 * The routing that Alertmanager's YAML describes. Text that is no YAML describes none: no receiver, no route. Read once, because
 * a dozen policies ask for it; a process that judges many stacks keeps a few.
 */
export const parseRouting: (text: string) => Routing = memoize(readRouting, { most: 8 });

function readRouting(text: string): Routing {
  const config = new Value(parsedConfiguration(text));
  const ways = new Map(
    config
      .at("receivers")
      .items()
      .map((receiver) => [receiver.at("name").text() ?? "", waysOf(receiver)] as const),
  );
  const root = config.at("route");
  const labels = [...new Set(labelsAskedFor(root))].filter((label) => label !== "alertname").sort();
  return {
    receivers: new Map([...ways].map(([name, kinds]) => [name, kinds.length > 0])),
    ways,
    inhibitions: config.at("inhibit_rules").items(),
    labels,
    destinations: (labels) => (root.exists ? walk(root, labels, ABOVE_ROOT, 0) : []),
  };
}

/** A receiver without a single configuration is Alertmanager's way to say nobody. */
function waysOf(receiver: Value): string[] {
  return receiver
    .fields()
    .flatMap(([name, list]) =>
      name.endsWith("_configs") && list.items().length > 0 ? [name.slice(0, -"_configs".length)] : [],
    );
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
  return matchersOf(route, "")
    .map(({ name }) => name)
    .filter((label) => label !== "");
}

const ABOVE_ROOT: Destination = { receiver: "", depth: 0, timing: DEFAULT_TIMING };

/** Alertmanager's own walk: the first child that matches takes the alert, and later ones too if it says `continue`. */
function walk(route: Value, labels: Labels, above: Destination, depth: number): Destination[] {
  const own = route.at("receiver").text();
  const here: Destination = {
    receiver: own ?? above.receiver,
    depth: own === undefined ? above.depth : depth,
    timing: timingOf(route, above.timing),
  };
  const ends: Destination[] = [];
  for (const child of route.at("routes").items()) {
    if (!matchesRoute(child, labels)) continue;
    ends.push(...walk(child, labels, here, depth + 1));
    if (!child.at("continue").is(true)) break;
  }
  return ends.length > 0 ? ends : [here];
}

function timingOf(route: Value, above: RouteTiming): RouteTiming {
  const groupBy = route.at("group_by");
  return {
    groupBy: groupBy.exists ? groupBy.items().flatMap((label) => label.text() ?? []) : above.groupBy,
    groupWait: route.at("group_wait").text() ?? above.groupWait,
    groupInterval: route.at("group_interval").text() ?? above.groupInterval,
    repeatInterval: route.at("repeat_interval").text() ?? above.repeatInterval,
    isMutedAtTimes:
      route.at("mute_time_intervals").items().length > 0 ||
      route.at("active_time_intervals").items().length > 0,
  };
}

function matchesRoute(route: Value, labels: Labels): boolean {
  return matchersOf(route, "").every((matcher) => matches(matcher, labels));
}
