import type { AlertsSettings } from "../alerts/model.ts";
import type { ClusterTraits, MeasuredTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import { runsIn, type Service } from "../service/model.ts";
import { absentJobs } from "../signals/jobs.ts";
import { dashboardName, shortUid } from "../signals/panels.ts";
import {
  PLATFORM_SIGNALS,
  type PlatformSignal,
  REMOTE_WRITE_SIGNALS,
  THANOS_RULER_SIGNALS,
  THANOS_SIGNALS,
} from "../signals/platform.ts";
import { addressOf, DEFAULT_NAMESPACES, WORKLOADS } from "../workloads/model.ts";
import { type Dashboard, dashboardJson, type NamedDashboard } from "./dashboard.ts";
import { platformDashboards } from "./dashboards/platform.ts";
import {
  type DataSourceArgs,
  type DataSources,
  dataSources,
  queriedAddress,
  type SampleStore,
} from "./data-sources.ts";
import type { GrafanaSettings } from "./model.ts";
import { dashboardsOfService, teamFolder } from "./service-dashboards.ts";
import { watchingAlerts } from "./watching-alerts.ts";

/** The arguments of dashboards and data sources, for every kind of Grafana. */
export interface GrafanaContentArgs {
  readonly settings: GrafanaSettings;
  readonly cluster: ClusterTraits;
  /** The environment's name, which is part of the names of the data sources. */
  readonly environment: string;
  /** The namespace of Prometheus, Alertmanager and a Grafana in the cluster. Default: monitoring. */
  readonly namespace?: string;
  /** The scrape interval of Prometheus, from which Grafana computes `$__rate_interval`. */
  readonly scrapeInterval: Duration;
  /**
   * The environment's alerts: panels show their thresholds and link to their runbooks. Default: the catalogue's thresholds, and no
   * links to runbooks.
   */
  readonly alerts?: AlertsSettings;
  /** The services of the environment, each of which gets a dashboard. Default: none. */
  readonly services?: readonly Service[];
  /** Teams that have a folder, also without a service: programs of their own put dashboards there. Default: none. */
  readonly teams?: readonly string[];
  /** The long-term storage of remote write, if Grafana queries it. Default: none. */
  readonly store?: SampleStore;
}

/** A folder of dashboards: the platform's, or a team's. */
export interface DashboardFolder {
  /** `platform`, or `team-` and the team's name. */
  readonly owner: string;
  /** Never changed. It contains the environment, because several environments can share an organisation. */
  readonly uid: string;
  readonly title: string;
  readonly dashboards: readonly NamedDashboard[];
}

/** The content of a Grafana, the same for provisioning files and for the API. */
export interface GrafanaContent {
  readonly sources: DataSources;
  /** The platform's folder first, then one for each team with a service in the environment. */
  readonly folders: readonly [DashboardFolder, ...DashboardFolder[]];
}

/** The data sources and dashboards of one environment. */
export function renderContent(args: GrafanaContentArgs): GrafanaContent {
  const { cluster, environment, scrapeInterval, alerts, store } = args;
  const sources = dataSources({ environment, scrapeInterval, store, ...sourceUrls(args) });
  const watched = {
    signals: signalsOn(cluster),
    alerts: watchingAlerts({ settings: alerts, cluster, scrapeInterval }),
  };
  const onPlatform = {
    environment,
    dataSource: sources.prometheus,
    runbookBaseUrl: alerts?.runbookBaseUrl,
  };
  const named = (dashboard: Dashboard): NamedDashboard => ({
    name: dashboardName(dashboard.ref),
    json: dashboardJson(dashboard, onPlatform),
  });
  const services = (args.services ?? []).filter((service) => runsIn(service, environment));
  const teams = [...new Set([...services.map(({ owner }) => owner), ...(args.teams ?? [])])].sort();
  return {
    sources,
    folders: [
      {
        owner: PLATFORM,
        uid: shortUid(`bellwether-${environment}`),
        title: `Bellwether (${environment})`,
        dashboards: platformDashboards({ ...watched, environment, scrapeInterval }).map(named),
      },
      ...teams.map((team) => ({
        owner: `${TEAM_PREFIX}${team}`,
        ...teamFolder(team, environment),
        dashboards: services
          .filter(({ owner }) => owner === team)
          .flatMap((service) => dashboardsOfService(service, onPlatform)),
      })),
    ],
  };
}

/** The team of a folder; undefined for the platform's folder. */
export function teamOf({ owner }: Pick<DashboardFolder, "owner">): string | undefined {
  return owner.startsWith(TEAM_PREFIX) ? owner.slice(TEAM_PREFIX.length) : undefined;
}

const TEAM_PREFIX = "team-";

/** The owner of the folder with the platform's dashboards. */
export const PLATFORM = "platform";

/** The dashboards of all folders. */
export function dashboardsIn({ folders }: Pick<GrafanaContent, "folders">): readonly NamedDashboard[] {
  return folders.flatMap(({ dashboards }) => dashboards);
}

/** The signals of a cluster: without those of jobs and of stores that it does not have. */
function signalsOn(traits: MeasuredTraits): readonly PlatformSignal[] {
  const absent: readonly PlatformSignal[] = [
    ...(traits.store === "remote-write" ? [] : Object.values(REMOTE_WRITE_SIGNALS)),
    ...(traits.store === "thanos" ? [] : Object.values(THANOS_SIGNALS)),
    ...(traits.evaluator === "thanos-ruler" ? [] : Object.values(THANOS_RULER_SIGNALS)),
  ];
  const jobs = absentJobs(traits);
  return PLATFORM_SIGNALS.filter(
    (signal) => !absent.includes(signal) && !jobs.some((job) => signal.expr.includes(`job="${job}"`)),
  );
}

function sourceUrls({
  settings,
  cluster,
  namespace = DEFAULT_NAMESPACES.monitoring,
}: GrafanaContentArgs): Pick<DataSourceArgs, "prometheusUrl" | "alertmanagerUrl"> {
  if (settings.kind !== "in-cluster") return settings;
  return {
    prometheusUrl: `http://${queriedAddress(namespace, cluster)}`,
    alertmanagerUrl: `http://${addressOf({ ...WORKLOADS.alertmanager, namespace }, "web")}`,
  };
}
