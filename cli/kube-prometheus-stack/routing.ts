import type { Path, Values } from "./values.ts";

// Receivers and routes of alertmanager.config, as receivers and teams of an environment.

type Settings = Record<string, unknown>;

/** What an environment says of notifications, without what the values do not say. */
export interface Routing {
  readonly receivers: Readonly<Record<string, Settings>>;
  readonly fallback?: string;
  readonly teams: Readonly<Record<string, { critical?: string[]; warning?: string[] }>>;
  readonly heartbeat?: string;
}

const CONFIG = ["alertmanager", "config"] as const;

interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly match?: Readonly<Record<string, string>>;
  readonly routes?: readonly Route[];
}

/** Reads the routing, and records what became of each value. */
export function routingOf(values: Values): Routing {
  const receivers = receiversOf(values);
  const routes = new Routes(values, new Set(Object.keys(receivers)));
  routes.read();
  return { receivers, ...routes.result() };
}

/** Integrations, each by the field of a receiver that holds a list of them. */
const INTEGRATIONS: Readonly<Record<string, (config: Settings, name: string) => Settings | undefined>> = {
  slack_configs: ({ channel }, name) =>
    /^#[a-z0-9_-]{1,79}$/.test(String(channel))
      ? { type: "slack", webhookUrlSecret: secretName(name, "Url"), channel }
      : undefined,
  pagerduty_configs: (_, name) => ({ type: "pagerduty", routingKeySecret: secretName(name, "Key") }),
  webhook_configs: (_, name) => ({ type: "webhook", urlSecret: secretName(name, "Url") }),
};

function receiversOf(values: Values): Readonly<Record<string, Settings>> {
  const at = [...CONFIG, "receivers"];
  const list = values.at(at);
  const found: Record<string, Settings> = {};
  for (const [index, receiver] of (Array.isArray(list) ? (list as Settings[]) : []).entries()) {
    const path = [...at, index];
    const kinds = Object.keys(receiver).filter((field) => field !== "name");
    const [kind, ...others] = kinds;
    // A receiver without an integration drops what it gets.
    if (kind === undefined) values.take(path);
    else {
      const name = nameOf(String(receiver["name"] ?? ""));
      const settings = readReceiver(values, path, name, kind);
      if (settings === undefined) continue;
      found[name] = settings;
      for (const other of others) values.lose([...path, other], ...ONE_INTEGRATION);
    }
  }
  return found;
}

const ONE_INTEGRATION = ["a receiver has one integration", "add a second receiver for it"] as const;

/** The settings of a receiver with this kind of integration; undefined if an environment has none like it. */
function readReceiver(values: Values, path: Path, name: string, kind: string): Settings | undefined {
  const at = [...path, kind];
  const configs = values.at(at);
  const [first = {}, ...more] = Array.isArray(configs) ? (configs as Settings[]) : [];
  const settings = INTEGRATIONS[kind]?.(first, name);
  if (settings === undefined) {
    const reason =
      kind in INTEGRATIONS
        ? "a Slack receiver needs a channel such as #alerts"
        : `only slack_configs, pagerduty_configs and webhook_configs are read, and not ${kind}`;
    values.lose(path, reason, "add the receiver to alertmanager.receivers of the environment");
    return undefined;
  }
  values.take([...path, "name"], [...at, 0, "channel"], [...at, 0, "send_resolved"]);
  const [, secret] = Object.entries(settings).find(([field]) => field.endsWith("Secret")) ?? [];
  for (const field of ["api_url", "routing_key", "service_key", "url"])
    if (first[field] !== undefined)
      values.lose(
        [...at, 0, field],
        "secrets are never copied",
        `run: pulumi config set --secret bellwether:${secret}`,
      );
  for (const [index] of more.entries()) values.lose([...at, index + 1], ...ONE_INTEGRATION);
  return settings;
}

class Routes {
  private readonly values: Values;
  private readonly known: ReadonlySet<string>;
  private readonly teams: Record<string, { critical?: string[]; warning?: string[] }> = {};
  private fallback: string | undefined;
  private heartbeat: string | undefined;

  constructor(values: Values, known: ReadonlySet<string>) {
    this.values = values;
    this.known = known;
  }

  result(): Omit<Routing, "receivers"> {
    const { teams, fallback, heartbeat } = this;
    return {
      teams,
      ...(fallback !== undefined && { fallback }),
      ...(heartbeat !== undefined && { heartbeat }),
    };
  }

  read(): void {
    const path = [...CONFIG, "route"];
    const root = this.values.at(path) as Route | undefined;
    if (root === undefined) return;
    this.fallback = this.receiver(root, path);
    this.timing(path);
    this.below(root, path, undefined, undefined);
  }

  private below(
    route: Route,
    path: readonly (string | number)[],
    team: string | undefined,
    severities: readonly ("critical" | "warning")[] | undefined,
  ): void {
    for (const [index, child] of (route.routes ?? []).entries())
      this.child(child, [...path, "routes", index], team, severities);
  }

  private child(
    route: Route,
    path: readonly (string | number)[],
    team: string | undefined,
    severities: readonly ("critical" | "warning")[] | undefined,
  ): void {
    const conditions = conditionsOf(route);
    const [name, ...alerts] = conditions.get("alertname") ?? [];
    if (name === "Watchdog" && alerts.length === 0) {
      this.heartbeat = this.receiver(route, path);
      this.values.take(path);
      return;
    }
    if (name === "InfoInhibitor") {
      this.values.take(path);
      return;
    }
    const owner = conditions.get("team")?.[0] ?? team;
    const urgent = (conditions.get("severity") as ("critical" | "warning")[] | undefined) ?? severities;
    const isOther = [...conditions.keys()].some((label) => label !== "team" && label !== "severity");
    const isKnown = urgent === undefined || urgent.every((each) => each === "critical" || each === "warning");
    if (owner === undefined || isOther || !isKnown || (conditions.get("team")?.length ?? 1) > 1) {
      this.values.lose(
        path,
        "alerts are routed by team and severity (critical or warning) alone",
        "add the team to alertmanager.teams of the environment",
      );
      return;
    }
    const receiver = this.receiver(route, path);
    if (receiver !== undefined) {
      const routes = this.teams[nameOf(owner)] ?? {};
      this.teams[nameOf(owner)] = routes;
      for (const severity of urgent ?? (["critical", "warning"] as const)) routes[severity] = [receiver];
    }
    this.values.take([...path, "matchers"], [...path, "match"], [...path, "continue"]);
    this.timing(path);
    this.below(route, path, owner, urgent);
  }

  /** The receiver of a route, if it tells anybody. */
  private receiver({ receiver }: Route, path: readonly (string | number)[]): string | undefined {
    this.values.take([...path, "receiver"]);
    const name = receiver === undefined ? undefined : nameOf(receiver);
    return name !== undefined && this.known.has(name) ? name : undefined;
  }

  private timing(path: readonly (string | number)[]): void {
    for (const field of ["group_by", "group_wait", "group_interval", "repeat_interval"])
      if (this.values.at([...path, field]) !== undefined)
        this.values.lose(
          [...path, field],
          "how alerts are grouped and repeated depends on their severity",
          "see docs/how-to/route-alerts.md",
        );
  }
}

/** The texts that each label of a route must have one of; a condition that is not an equality has none. */
function conditionsOf({ matchers = [], match = {} }: Route): ReadonlyMap<string, readonly string[]> {
  const conditions = new Map<string, readonly string[]>(
    Object.entries(match).map(([label, value]) => [label, [value]]),
  );
  for (const matcher of matchers) {
    const [, label = matcher, operator, quoted = ""] =
      /^\s*([a-zA-Z_]\w*)\s*(=~|!=|!~|=)\s*(.*?)\s*$/.exec(matcher) ?? [];
    const value = quoted.replace(/^"(.*)"$/, "$1");
    const isList = operator === "=~" && /^[\w|-]+$/.test(value);
    conditions.set(
      operator === "=" || isList ? label : `${label} ${operator ?? ""}`,
      isList ? value.split("|") : [value],
    );
  }
  return conditions;
}

/** A name of an environment: lower-case letters, digits and hyphens. */
export function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
}

/** The name of the secret that a receiver needs, in camelCase without digits. */
function secretName(receiver: string, ending: "Url" | "Key"): string {
  const camel = receiver
    .replaceAll(/[0-9]/g, "")
    .replaceAll(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replaceAll("-", "");
  return `${camel.slice(0, 30)}${ending}`;
}
