import { readFileSync } from "node:fs";
import type { DashboardJson, PanelJson } from "../../components/grafana/json.ts";
import {
  DASHBOARDS,
  type DashboardKey,
  dashboardName,
  dashboardUid,
} from "../../components/signals/panels.ts";
import { legendOf, type PanelData, type PictureSource, type Series } from "./data.ts";
import { type Names, namesFor, type ServiceRecording } from "./recorded-names.ts";
import { decode, type RecordedBoards, type RecordedHour, type RecordedSeries } from "./recording-format.ts";

/** An environment whose dashboards are drawn. */
export interface DrawnEnvironment {
  readonly name: string;
  /** The names of the services that run there. */
  readonly services: readonly string[];
}

/** The hour that `npm run record` recorded. */
export function readRecording(): { readonly hour: RecordedHour; readonly boards: RecordedBoards } {
  return {
    hour: read<RecordedHour>("hour"),
    boards: {
      platform: read<RecordedBoards["platform"]>("platform"),
      services: read<RecordedBoards["services"]>("services"),
    },
  };
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`recording/${name}.json`, import.meta.url), "utf8")) as T;
}

/**
 * The recorded hour as the dashboards of an environment show it. The platform's are found by their names; that of a service by its
 * panels, in the recording of the service itself or of one of the same kind. `dashboards` are all of the environment.
 */
export function recordedSource(
  recording: ReturnType<typeof readRecording>,
  environment: DrawnEnvironment,
  dashboards: readonly DashboardJson[],
): PictureSource {
  const { hour, boards } = recording;
  const services = new Map(
    environment.services.map((service) => [dashboardUid({ service }, environment.name), service]),
  );
  const platform = new Map(
    (Object.keys(DASHBOARDS) as DashboardKey[]).map((key) => [
      dashboardUid(key, environment.name),
      boards.platform[dashboardName(key)],
    ]),
  );
  const panelsOf = new Map(
    dashboards.flatMap((dashboard) => {
      const service = services.get(dashboard.uid);
      return service === undefined ? [] : [[service, idsOf(dashboard)] as const];
    }),
  );
  const names = namesFor(boards.services, panelsOf, environment.name, hour);
  const find = (dashboard: DashboardJson): ServiceRecording | undefined => {
    const ofPlatform = platform.get(dashboard.uid);
    if (ofPlatform !== undefined) return { panels: ofPlatform, names: names.platform, note: undefined };
    const service = services.get(dashboard.uid);
    return service === undefined ? undefined : names.ofService(service, teamOf(dashboard));
  };
  return {
    label: labelOf(hour),
    noteOn: (dashboard) => find(dashboard)?.note,
    read: (panel, dashboard) => {
      const found = find(dashboard);
      return found === undefined ? undefined : dataOf(panel, found, hour);
    },
  };
}

/** Where the pictures come from. */
function labelOf({ day, environment, incident, asOf, versions }: RecordedHour): string {
  return (
    `Recorded on ${day} with the dashboards and rules of ${environment}, on Prometheus ${versions["prometheus"]} and Kubernetes ` +
    `${versions["kubernetes"]} with simulated nodes and services: one hour with ${incident.what}, from minute ${incident.from} to minute ` +
    `${incident.to}; numbers and tables show minute ${asOf}`
  );
}

function idsOf({ panels = [] }: DashboardJson): ReadonlySet<string> {
  return new Set(panels.filter(({ type }) => type !== "row").map(({ id }) => String(id)));
}

function teamOf({ tags }: DashboardJson): string | undefined {
  return tags?.find((tag) => tag.startsWith("team:"))?.slice("team:".length);
}

function dataOf(
  panel: PanelJson,
  { panels, names }: ServiceRecording,
  hour: RecordedHour,
): PanelData | undefined {
  const recorded = panels[String(panel.id)];
  // With another number of queries it is another panel.
  if (recorded === undefined || recorded.queries !== panel.targets.length) return undefined;
  const { minutes, incident } = hour;
  return {
    series: recorded.series.flatMap((series) => seriesOf(panel, series, names)),
    time: { kind: "recorded", minutes, incident },
  };
}

function seriesOf(panel: PanelJson, [query, labels, values]: RecordedSeries, names: Names): Series[] {
  const target = panel.targets[query];
  const known = names.labelsOf(labels);
  if (target === undefined || known === undefined) return [];
  return [{ name: legendOf(target, known), labels: known, query, values: decode(values) }];
}
