import { grouped } from "../../core/grouped.ts";
import { memoize } from "../../core/memoize.ts";
import { isOnlyLookedUp, NONE_ALIKE, type OwnNames, withPlaceholders } from "../../lint/alike.ts";
import type { DashboardJson } from "../json.ts";
import type { DashboardWorld, Fault } from "./check.ts";

/** What a dashboard of a service has in common with those of others. */
export interface DashboardForm {
  /** The same for dashboards of which the checks find the same. */
  readonly key: string;
  /** A finding with placeholders for the names in it. */
  readonly unnamed: <Found extends Fault>(found: Found) => Found;
  /** The same with the names of this dashboard. */
  readonly named: <Found extends Fault>(found: Found) => Found;
}

/** Finds the dashboards of an environment that are the same but for the names of a service, whose rules and alerts are alike, too. */
export class DashboardForms {
  readonly #world: DashboardWorld;
  readonly #set: ReadonlySet<string>;
  /** By uid: another dashboard with the same is a finding. */
  readonly #byUid: ReadonlyMap<string, readonly DashboardJson[]>;

  readonly #isOnlyLookedUp = memoize((text: string) => isOnlyLookedUp(text, this.#set));

  constructor(world: DashboardWorld) {
    this.#world = world;
    const rules = world.groups.flatMap((group) => group.rules);
    this.#set = new Set(rules.flatMap(({ labels }) => Object.keys(labels)));
    this.#byUid = grouped(world.dashboards, ({ uid }) => uid);
  }

  /** Undefined for a dashboard that is about no service, or about one with rules of its own. */
  of(dashboard: DashboardJson): DashboardForm | undefined {
    const { alike = NONE_ALIKE, dashboards } = this.#world;
    const { uid } = dashboard;
    // The first has the findings of alerts without a dashboard.
    if (alike.services.size === 0 || dashboard === dashboards[0] || this.#byUid.get(uid)?.length !== 1)
      return undefined;
    const whole = JSON.stringify(dashboard);
    const [service, ...more] = new Set([...whole.matchAll(SERVICE)].map(([, name = ""]) => name));
    const known = more.length > 0 ? undefined : alike.services.get(service ?? "");
    if (known === undefined) return undefined;
    const names = [[uid, UID] as const, ...known.names];
    const text = withPlaceholders(whole, names);
    if (!this.#isOnlyLookedUp(text)) return undefined;
    return {
      key: `${known.like} ${uid.length <= 40} ${text}`,
      unnamed: (found) => renamed(found, names),
      named: (found) =>
        renamed(
          found,
          names.map(([name, placeholder]) => [placeholder, name]),
        ),
    };
  }
}

function renamed<Found extends Fault>(found: Found, names: OwnNames): Found {
  const { panel, what } = found;
  return {
    ...found,
    ...(panel !== undefined && { panel: withPlaceholders(panel, names) }),
    what: withPlaceholders(what, names),
  };
}

const UID = "\u0003";
// In JSON, control characters are escaped, so that no text has a placeholder already.
const SERVICE = /[{,\s]service=\\"([^"\\]+)\\"/g;
