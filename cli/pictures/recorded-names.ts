import type { RecordedBoard, RecordedBoards, RecordedHour, RecordedService } from "./recording-format.ts";

type Labels = Readonly<Record<string, string>>;
type Ids = ReadonlySet<string>;

/** What recorded labels say in the environment that is drawn. */
export interface Names {
  /** Undefined for a series of a service that does not run there. */
  readonly labelsOf: (labels: Labels) => Labels | undefined;
}

/** What a service's dashboard is drawn from. */
export interface ServiceRecording {
  readonly panels: RecordedBoard;
  readonly names: Names;
  /** Says that it was recorded of another service, if so. */
  readonly note: string | undefined;
}

export interface EnvironmentNames {
  readonly platform: Names;
  /** Undefined for a service of which no panel was recorded for any other. */
  readonly ofService: (service: string, team: string | undefined) => ServiceRecording | undefined;
}

/** The names of an environment's services in the place of those that were recorded; `panels` are the ids on each one's dashboard. */
export function namesFor(
  recorded: RecordedBoards["services"],
  panels: ReadonlyMap<string, Ids>,
  environment: string,
  hour: RecordedHour,
): EnvironmentNames {
  const places = placesFor(recorded, panels, hour.incident.service);
  return {
    platform: {
      labelsOf: (labels) => {
        const said = labels["environment"] === hour.environment ? { ...labels, environment } : labels;
        return renamed(said, places);
      },
    },
    ofService: (service, team) => {
      const found = recordedFor(service, panels.get(service) ?? new Set(), recorded);
      if (found === undefined) return undefined;
      const [name, { owner, panels: board }] = found;
      const place = new Map([[name, service]]);
      return {
        panels: board,
        names: {
          labelsOf: (labels) =>
            renamed(labels["team"] === owner ? { ...labels, team: team ?? owner } : labels, place),
        },
        note:
          name === service
            ? undefined
            : "Recorded for a service of the same kind, as if the incident were its own",
      };
    },
  };
}

/** The recording that a service's dashboard is drawn from: its own, or that of the kind that shares the most panels and has the fewest others. */
function recordedFor(
  service: string,
  ids: Ids,
  recorded: RecordedBoards["services"],
): readonly [name: string, RecordedService] | undefined {
  const own = recorded[service];
  if (own !== undefined && hasAll(own, ids)) return [service, own];
  const others = Object.entries(recorded)
    .filter(([name, { isOfEnvironment }]) => !isOfEnvironment || name === service)
    .map(([name, kind]) => {
      const known = Object.keys(kind.panels);
      const shared = known.filter((id) => ids.has(id)).length;
      return { name, kind, shared, more: known.length - shared };
    })
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.more - b.more);
  const [best] = others;
  return best === undefined ? undefined : [best.name, best.kind];
}

function hasAll({ panels }: RecordedService, ids: Ids): boolean {
  return [...ids].every((id) => id in panels);
}

/**
 * Which service of the environment takes the place of each that was recorded: itself, or else one that was not recorded and has the same
 * panels. Undefined for one without such. The service of the incident keeps its name rather than to vanish from the pictures.
 */
function placesFor(
  recorded: RecordedBoards["services"],
  panels: ReadonlyMap<string, Ids>,
  incident: string,
): ReadonlyMap<string, string | undefined> {
  const free = new Map([...panels].filter(([service]) => recorded[service]?.isOfEnvironment !== true));
  const places = new Map<string, string | undefined>();
  const ofEnvironment = Object.entries(recorded).filter(([, { isOfEnvironment }]) => isOfEnvironment);
  for (const [name, own] of ofEnvironment) {
    if (panels.has(name)) {
      places.set(name, name);
      continue;
    }
    const size = Object.keys(own.panels).length;
    const other = [...free].find(([, ids]) => ids.size === size && hasAll(own, ids))?.[0];
    if (other !== undefined) free.delete(other);
    places.set(name, other ?? (name === incident ? name : undefined));
  }
  return places;
}

/** The labels with the names of services replaced, also in what is called after one: its pods, its probes, its groups of rules. */
function renamed(labels: Labels, places: ReadonlyMap<string, string | undefined>): Labels | undefined {
  const entries: [string, string][] = [];
  for (const [label, value] of Object.entries(labels)) {
    const [prefix = "", name = "", rest = ""] = partsOf(value, places);
    if (name === "") {
      entries.push([label, value]);
      continue;
    }
    const place = places.get(name);
    if (place === undefined) return undefined;
    entries.push([label, `${prefix}${place}${rest}`]);
  }
  return Object.fromEntries(entries);
}

function partsOf(value: string, places: ReadonlyMap<string, unknown>): readonly string[] {
  for (const name of places.keys()) {
    const found = new RegExp(`^(probe/|service-)?(${name})([-.].*)?$`).exec(value);
    if (found !== null) return found.slice(1);
  }
  return [];
}
