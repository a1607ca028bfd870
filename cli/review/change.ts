/** What `--fail-on` can be given: the reasons for which a review ends with exit code 1. */
export const GATES = ["deletes-data", "unrouted", "policy", "breaking"] as const;
export type Gate = (typeof GATES)[number];

/** The headings of a review, in the order in which areas of the same risk follow each other. */
export const AREAS = {
  notified: "Notifications",
  data: "Data and protection",
  alerts: "Alerts and objectives",
  policies: "Policies",
  contract: "What teams and users of the package notice",
  cluster: "Cluster, network, versions and access",
  resources: "Resources",
  dashboards: "Dashboards",
  capacity: "Capacity and cost",
  settings: "Other settings",
} as const;
export type Area = keyof typeof AREAS;

interface KindOfChange {
  readonly area: Area;
  /** From 0 to 100. What a reviewer must see first has the most. */
  readonly risk: number;
  readonly gate?: Gate;
}

/** Every kind of change: where it is shown, how risky it is beside others, and what it fails. */
export const KINDS = {
  "not-previewed": { area: "policies", risk: 100, gate: "policy" },
  "data-deleted": { area: "data", risk: 99, gate: "deletes-data" },
  "pages-nobody": { area: "notified", risk: 97, gate: "unrouted" },
  unrouted: { area: "notified", risk: 95, gate: "unrouted" },
  "protection-lifted": { area: "data", risk: 92 },
  "pages-somebody-new": { area: "notified", risk: 90 },
  "policy-violated": { area: "policies", risk: 88, gate: "policy" },
  "notifies-nobody": { area: "notified", risk: 86, gate: "unrouted" },
  "cluster-replaced": { area: "cluster", risk: 85 },
  "environment-removed": { area: "resources", risk: 84 },
  "environment-added": { area: "resources", risk: 83 },
  "critical-alert-removed": { area: "alerts", risk: 82 },
  "service-removed": { area: "alerts", risk: 81 },
  "objective-removed": { area: "alerts", risk: 80 },
  "critical-alert-changed": { area: "alerts", risk: 76 },
  "objective-changed": { area: "alerts", risk: 75 },
  "service-renamed": { area: "alerts", risk: 74, gate: "breaking" },
  "team-renamed": { area: "notified", risk: 74, gate: "breaking" },
  "contract-broken": { area: "contract", risk: 72, gate: "breaking" },
  "tier-changed": { area: "cluster", risk: 73 },
  "receivers-changed": { area: "notified", risk: 71 },
  "cluster-changed": { area: "cluster", risk: 70 },
  "resource-replaced": { area: "resources", risk: 68 },
  "resource-deleted": { area: "resources", risk: 66 },
  "alert-removed": { area: "alerts", risk: 64 },
  "version-changed": { area: "cluster", risk: 62 },
  "alert-renamed": { area: "alerts", risk: 60 },
  "alert-changed": { area: "alerts", risk: 58 },
  "service-added": { area: "alerts", risk: 56 },
  "contract-changed": { area: "contract", risk: 43 },
  "objective-added": { area: "alerts", risk: 55 },
  "alert-added": { area: "alerts", risk: 54 },
  "service-changed": { area: "alerts", risk: 52 },
  "policy-waived": { area: "policies", risk: 50 },
  "policy-advice": { area: "policies", risk: 48 },
  "routing-changed": { area: "notified", risk: 46 },
  "setting-changed": { area: "settings", risk: 44 },
  "resource-moved": { area: "resources", risk: 42 },
  "resource-updated": { area: "resources", risk: 40 },
  "dashboard-removed": { area: "dashboards", risk: 38 },
  "panel-removed": { area: "dashboards", risk: 36 },
  "panel-changed": { area: "dashboards", risk: 34 },
  "dashboard-added": { area: "dashboards", risk: 32 },
  "panel-added": { area: "dashboards", risk: 30 },
  "dashboard-changed": { area: "dashboards", risk: 28 },
  "resource-created": { area: "resources", risk: 26 },
  "panel-links": { area: "dashboards", risk: 12 },
  "alert-follows": { area: "alerts", risk: 24 },
  "record-changed": { area: "alerts", risk: 22 },
  "contract-added": { area: "contract", risk: 20 },
  "policy-fixed": { area: "policies", risk: 18 },
  "cost-changed": { area: "capacity", risk: 41 },
  capacity: { area: "capacity", risk: 16 },
  "text-changed": { area: "alerts", risk: 14 },
} as const satisfies Readonly<Record<string, KindOfChange>>;
export type Kind = keyof typeof KINDS;

/** A value before and after. Undefined is: there was none, or there is none any more. */
export interface Detail {
  readonly label: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Where the change comes from, to find its line. */
export interface Cause {
  readonly service?: string | undefined;
  /** The path of a setting of the environment. */
  readonly setting?: string | undefined;
  /** A finding that a waiver is about: the policy, and the URN of the resource. */
  readonly waived?: { readonly policy: string; readonly urn: string } | undefined;
}

/** A panel on both sides of a change; undefined where there is none. */
interface ChangedPanel {
  readonly before?: PanelOnBoard | undefined;
  readonly after?: PanelOnBoard | undefined;
}

/** A panel and its dashboard, as JSON of Grafana. */
export interface PanelOnBoard {
  readonly panel: Readonly<Record<string, unknown>>;
  readonly dashboard: Readonly<Record<string, unknown>>;
}

/** One change of one environment. */
export interface Change {
  readonly kind: Kind;
  /** What is changed, such as `the alert KubeNodeNotReady`. */
  readonly about: string;
  /** What happens to it, as the rest of a sentence without its full stop. The same words for the same change of another thing. */
  readonly what: string;
  readonly details?: readonly Detail[];
  readonly cause?: Cause;
  /** The panel that changes, to be drawn. */
  readonly panel?: ChangedPanel;
}

/** The same change of one or more things in one or more environments. */
export interface GroupedChange extends Omit<Change, "about" | "details" | "panel"> {
  readonly abouts: readonly string[];
  readonly environments: readonly string[];
  readonly details: readonly Detail[];
  /** Of each panel among the things, as it is in the first of the environments. */
  readonly panels: readonly (ChangedPanel & { readonly about: string; readonly environment: string })[];
}

/** The gate of a kind, if it has one. */
export function gateOf(kind: Kind): Gate | undefined {
  const { gate } = KINDS[kind] as KindOfChange;
  return gate;
}

/** The changes of one environment. */
export interface EnvironmentChanges {
  readonly environment: string;
  readonly tier: string;
  readonly changes: readonly Change[];
}

const TIERS = ["production", "staging", "development", "local"];

/**
 * The same changes of different environments as one, and the same change of different things as one, the riskiest first. Among changes of
 * the same kind those of production come first.
 */
export function grouped(all: readonly EnvironmentChanges[]): readonly GroupedChange[] {
  const byAbout = new Map<string, { readonly change: Change; readonly environments: string[] }>();
  for (const { environment, changes } of all)
    for (const change of changes) {
      const { kind, about, what, details } = change;
      const key = JSON.stringify([kind, about, what, details]);
      const found = byAbout.get(key);
      if (found === undefined) byAbout.set(key, { change, environments: [environment] });
      else if (!found.environments.includes(environment)) found.environments.push(environment);
    }
  const byWhat = new Map<
    string,
    {
      readonly first: Change;
      readonly abouts: string[];
      readonly environments: string[];
      readonly panels: GroupedChange["panels"][number][];
    }
  >();
  for (const { change, environments } of byAbout.values()) {
    const key = JSON.stringify([change.kind, change.what, change.details, environments]);
    const found = byWhat.get(key);
    const group = found ?? { first: change, abouts: [], environments, panels: [] };
    byWhat.set(key, group);
    group.abouts.push(change.about);
    if (change.panel !== undefined)
      group.panels.push({ ...change.panel, about: change.about, environment: environments[0] ?? "" });
  }
  const tiers = new Map(all.map(({ environment, tier }) => [environment, tier]));
  const tierRank = (names: readonly string[]) =>
    Math.min(
      ...names.map((name) => (TIERS.indexOf(tiers.get(name) ?? "") + TIERS.length + 1) % (TIERS.length + 1)),
    );
  return [...byWhat.values()]
    .map(({ first: { about: _, panel: __, details = [], ...change }, ...group }) => ({
      ...change,
      ...group,
      details,
    }))
    .sort(
      (a, b) =>
        KINDS[b.kind].risk - KINDS[a.kind].risk ||
        tierRank(a.environments) - tierRank(b.environments) ||
        b.abouts.length - a.abouts.length ||
        b.details.length - a.details.length ||
        (sentence(a) < sentence(b) ? -1 : 1),
    );
}

/** At most so many things are named in a sentence. */
const NAMED = 6;

/** A grouped change as a sentence without its full stop. */
function sentence({ abouts, what }: Pick<GroupedChange, "abouts" | "what">): string {
  const named = abouts.slice(0, NAMED);
  const more = abouts.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}: ${what}`;
}
