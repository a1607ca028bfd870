import type { SloPromises } from "../../components/slo/promises.ts";
import type { Artefacts } from "../artefacts/artefacts.ts";
import type { ReadyStack } from "../environments.ts";
import { capacityOf } from "../estimate/capacity.ts";
import { estimateOf } from "../estimate/estimate.ts";
import { prices } from "../estimate/prices.ts";
import { messagesOf } from "../messages/previewed.ts";
import type { DashboardPicture } from "../pictures/picture.ts";
import type { PolicyResult } from "../policy/verdict.ts";
import type { Recording } from "../recording/monitor.ts";
import { at, itemsOf, textAt, type Wire } from "../recording/wire.ts";
import { routeAlerts } from "../routing.ts";
import { secretRows } from "../secrets.ts";
import { alertRows, grafanaRows } from "./alerts.ts";
import { componentGroups } from "./components.ts";
import { costsOf, recordedSeries } from "./costs.ts";
import type { Difference } from "./differences.ts";
import { type DashboardRow, factsOf, outcomeOf, policyGroups, type Report, volumesInWords } from "./model.ts";
import { noticesOf, unprovenNotices } from "./notices.ts";
import { promiseRow } from "./promises.ts";
import { type RouteComparison, routeRows } from "./routes.ts";

/** How the environments differ; the same for all of them. */
export interface Comparison {
  /** The names, in order. */
  readonly environments: readonly string[];
  readonly differences: readonly Difference[];
  /** The receivers in each. */
  readonly routes: readonly RouteComparison[];
}

/** What a report is made from. */
export interface ReportSources {
  readonly stack: ReadyStack;
  readonly recording: Recording;
  readonly artefacts: Artefacts;
  readonly results: readonly PolicyResult[];
  readonly comparison: Comparison;
  readonly promises: readonly SloPromises[];
  /** About the services, as sentences. */
  readonly notices: readonly string[];
  readonly policiesAsked: number;
  readonly today: string;
  /** Of every dashboard of the artefacts, by file. */
  readonly pictures: Pictures;
}

/** The pictures of the dashboards. */
export interface Pictures {
  readonly from: string;
  readonly byFile: ReadonlyMap<string, DashboardPicture>;
}

export function reportOf(sources: ReportSources): Report {
  const { stack, recording, artefacts, results, comparison, promises, policiesAsked, today, pictures } =
    sources;
  const { environment, file } = stack;
  const routed = routeAlerts(artefacts.alerts, environment.alertmanager, artefacts.externalLabels);
  const secrets = secretRows(file, stack.secrets);
  const ofGrafana = grafanaRows(artefacts.grafanaAlerts, artefacts.grafanaContacts, environment.grafana);
  const { scrapeInterval } = environment.prometheus;
  const messages = messagesOf(artefacts, {
    now: new Date(`${today}T12:00:00Z`),
    externalUrl: environment.alertmanager.externalUrl,
  });
  const alerts = alertRows(routed, environment.alertmanager, ofGrafana, scrapeInterval, messages);
  return {
    environment: stack.stack,
    tier: environment.tier,
    today,
    outcome: outcomeOf(results, routed, secrets),
    facts: factsOf(environment, today),
    volumes: volumesInWords(environment),
    components: componentGroups(recording.resources),
    alerts,
    routes: routeRows(routed, environment.alertmanager, ofGrafana),
    promises: promises.map(promiseRow),
    costs: costsOf(
      promises,
      alerts,
      environment.prometheus,
      artefacts.teamRecords,
      environment.aws && prices().of(environment.aws.region, "samples ingested"),
    ),
    estimate: estimateOf(capacityOf(recording.resources), {
      scrapeInterval,
      recordedSeries: recordedSeries(promises),
      activeSeries: environment.prometheus.activeSeries,
    }),
    policies: policyGroups(results),
    policiesAsked,
    secrets,
    notices: [...noticesOf(environment, file.environment), ...sources.notices, ...unprovenNotices(alerts)],
    dashboards: dashboardRows(artefacts.dashboards, pictures),
    picturesFrom: pictures.from,
    compared: comparison.environments,
    differences: comparison.differences,
    routeComparison: comparison.routes,
  };
}

function dashboardRows(dashboards: ReadonlyMap<string, Wire>, { byFile }: Pictures): readonly DashboardRow[] {
  return [...dashboards].map(([file, dashboard]) => ({
    title: textAt(dashboard, "title") ?? file,
    file: `dashboards/${file}`,
    panels: panels(at(dashboard, "panels")),
    picture: byFile.get(file),
  }));
}

/** Panels that draw something, those inside collapsed rows among them; a row itself draws nothing. */
function panels(value: Wire | undefined): number {
  return itemsOf(value).reduce<number>(
    (sum, panel) => sum + (textAt(panel, "type") === "row" ? panels(at(panel, "panels")) : 1),
    0,
  );
}
