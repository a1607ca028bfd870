import type { Service } from "./definition.ts";
import type { Objectives } from "./objectives.ts";
import type { OwnAlert } from "./own-alerts/definition.ts";
import { samePlace } from "./place.ts";

/** The fields of a definition that say where its metrics come from. */
const PRESETS = ["http", "grpc", "worker", "batch", "probe"] as const;
export type Preset = (typeof PRESETS)[number];

/**
 * A service as it is in an environment: what that says of a source of metrics, an objective or an alert replaces, as a whole, what the
 * definition says of it elsewhere. Without an environment, the service as it is where nothing else is said.
 */
export function serviceIn(service: Service, environment: string | undefined): Service {
  const here = environment === undefined ? undefined : settingsFor(service.environments, environment);
  if (here === undefined) return service;
  const replaced = Object.fromEntries(presetsIn(here).map((preset) => [preset, here[preset]]));
  const scraped = here.scrape === undefined ? {} : { scrape: here.scrape };
  return {
    ...service,
    ...replaced,
    ...scraped,
    page: here.page ?? service.page,
    objectives: merged(service.objectives, here.objectives),
    alerts: alertsThere(service.alerts, here.alerts),
  };
}

/**
 * The service with what an environment says of paging where the definition says nothing: it pages if its tier is among those that page
 * there. Without a list, every tier pages.
 */
export function withPaging(service: Service, pages: readonly string[] | undefined): Service {
  if (service.page !== undefined || pages === undefined || pages.includes(service.tier)) return service;
  return samePlace(service, { ...service, page: false });
}

/** The sources of metrics that a definition names, or that an environment replaces. */
export function presetsIn(settings: Readonly<Partial<Record<Preset, unknown>>>): readonly Preset[] {
  return PRESETS.filter((preset) => settings[preset] !== undefined);
}

function merged(everywhere: Objectives, here: Objectives): Objectives {
  const said = Object.entries(here).filter(([, settings]) => settings !== undefined);
  return { ...everywhere, ...Object.fromEntries(said), custom: { ...everywhere.custom, ...here.custom } };
}

function alertsThere(
  everywhere: Service["alerts"],
  here: Readonly<Record<string, OwnAlert | "off">>,
): Service["alerts"] {
  const alerts = Object.entries({ ...everywhere, ...here });
  return Object.fromEntries(alerts.flatMap(([name, alert]) => (alert === "off" ? [] : [[name, alert]])));
}

/** The settings of that name; no property that every object inherits. */
export function settingsFor<T>(byName: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(byName, name) ? byName[name] : undefined;
}
