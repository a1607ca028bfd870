import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type {
  RecordedBoard,
  RecordedBoards,
  RecordedHour,
  RecordedService,
} from "../../cli/pictures/recording-format.ts";
import type { RuleGroup } from "../../components/core/rules.ts";
import { dashboardsIn, renderContent } from "../../components/grafana/content.ts";
import type { DashboardJson } from "../../components/grafana/json.ts";
import type { InClusterGrafanaSettings } from "../../components/grafana/model.ts";
import { runsIn, slosOf } from "../../components/service/model.ts";
import {
  DASHBOARDS,
  type DashboardKey,
  dashboardName,
  dashboardUid,
} from "../../components/signals/panels.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { services } from "../../stacks/services/index.ts";
import { PrometheusWithHistory } from "../support/prometheus.ts";
import { recordedPanels } from "./boards.ts";
import { containersIn, podsOf, renamed, storedLines } from "./cluster-lines.ts";
import type { ControlPlaneHour, StoredSeries } from "./control-plane-hour.ts";
import { LIVED_FROM, type Line, MOMENTS, notationOf, pastRecord, RECORDED_FROM } from "./grid.ts";
import { AS_OF, HOUR, INCIDENT, SCRAPE, SERVICE } from "./incident.ts";
import { KINDS_OF_SERVICES } from "./kinds.ts";
import { machineLines } from "./machine-lines.ts";
import { type ServicePod, serviceLines } from "./service-lines.ts";

/** The environment that is recorded. */
export const ENVIRONMENT = "prod";

export interface Recording {
  readonly hour: RecordedHour;
  readonly boards: RecordedBoards;
}

/** Makes the recording of what the control plane lived through, with the dashboards and rules of the environment's preview. */
export async function record(
  preview: string,
  lived: ControlPlaneHour,
  progress: (text: string) => void,
): Promise<Recording> {
  // The hour ends at a whole hour of the day, on which rules that tile days do not depend.
  const start = Date.parse(`${lived.day}T11:00:00Z`) / 1000;
  progress("the environment as it is");
  const { platform, own } = await recordEnvironment(preview, lived, start);
  progress("services of other kinds");
  const kinds = await recordKinds(lived, start);
  return {
    hour: {
      day: lived.day,
      minutes: HOUR,
      environment: ENVIRONMENT,
      incident: { what: INCIDENT.what, service: SERVICE, from: INCIDENT.from, to: INCIDENT.to },
      asOf: AS_OF,
      versions: lived.versions,
    },
    boards: { platform, services: { ...own, ...kinds } },
  };
}

/** Requests, calls or messages a second of the services that run: what calls on others does so once for each request that goes well. */
const TRAFFIC: Readonly<Record<string, number>> = { storefront: 300, pricing: 280, invoices: 6 };

async function recordEnvironment(preview: string, { series }: ControlPlaneHour, start: number) {
  const running = services.filter((service) => runsIn(service, ENVIRONMENT));
  const isDuring = (second: number) => second >= INCIDENT.from * 60 && second < INCIDENT.to * 60;
  const lines = [
    ...storedLines(series, running),
    ...machineLines(series, containersIn(series)),
    ...running.flatMap((service) => {
      const usual = TRAFFIC[service.name] ?? 0;
      const isHit = service.name === SERVICE;
      const perSecond = (second: number) => (isDuring(second) && !isHit ? (usual * 5) / 6 : usual);
      return serviceLines(service, ENVIRONMENT, podsOf(service.name, series), { perSecond, isHit, start });
    }),
  ];
  const server = await serve(lines, rulesOf(preview), start);
  try {
    const platform: Record<string, RecordedBoard> = {};
    for (const key of Object.keys(DASHBOARDS) as DashboardKey[]) {
      const board = boardOf(preview, dashboardUid(key, ENVIRONMENT));
      platform[dashboardName(key)] = await recordedPanels(server, board, start);
    }
    const own: Record<string, RecordedService> = {};
    for (const { name, owner } of running) {
      const board = boardOf(preview, dashboardUid({ service: name }, ENVIRONMENT));
      const panels = await recordedPanels(server, board, start);
      own[name] = { owner, isOfEnvironment: true, panels };
    }
    return { platform, own };
  } finally {
    await server.stop();
  }
}

function boardOf(preview: string, uid: string): DashboardJson {
  return JSON.parse(readFileSync(join(preview, "dashboards", `${uid}.json`), "utf8")) as DashboardJson;
}

interface Rules {
  readonly groups: readonly RuleGroup[];
  /** In seconds from the start of the hour. */
  readonly from: number;
}

function rulesOf(preview: string): Rules[] {
  const folder = join(preview, "prometheus", "rules");
  return readdirSync(folder).map((file) => ({
    groups: (parse(readFileSync(join(folder, file), "utf8")) as { groups: RuleGroup[] }).groups,
    from: file.startsWith("service-") ? (MOMENTS[0] ?? 0) : LIVED_FROM,
  }));
}

/** Each kind of service, as if it were the one whose rollout goes wrong. */
async function recordKinds({ series }: ControlPlaneHour, start: number) {
  const kinds = KINDS_OF_SERVICES.map((service) => ({ service, series: underName(service.name, series) }));
  const lines = kinds.flatMap(({ service, series: own }) => [
    ...storedLines(own, []),
    ...machineLines([...own, ...ofCadvisor(series)], containersIn(own)).filter(isOfContainers),
    ...serviceLines(service, ENVIRONMENT, podsThatLast(podsOf(service.name, own)), {
      perSecond: () => 120,
      isHit: true,
      start,
    }),
  ]);
  const rules = KINDS_OF_SERVICES.flatMap((service) => slosOf(service, ENVIRONMENT)).map((slo) => ({
    groups: [ruleGroup(slo, `${SCRAPE}s`, { runbookBaseUrl: "https://example.com" })],
    from: MOMENTS[0] ?? 0,
  }));
  const boards = new Map(
    dashboardsIn(renderContent(CONTENT_OF_KINDS)).map(({ name, json }) => [name, json] as const),
  );
  const server = await serve(lines, rules, start);
  try {
    const recorded: Record<string, RecordedService> = {};
    for (const { name, owner } of KINDS_OF_SERVICES) {
      const board = boards.get(dashboardName({ service: name }));
      if (board === undefined) throw new Error(`${name} has no dashboard`);
      const panels = await recordedPanels(server, board, start);
      recorded[name] = { owner, isOfEnvironment: false, panels };
    }
    return recorded;
  } finally {
    await server.stop();
  }
}

const IN_CLUSTER: InClusterGrafanaSettings = {
  kind: "in-cluster",
  volume: "10Gi",
  adminPasswordSecret: "password",
  secretKeySecret: "key",
  externalUrl: "https://grafana.example.com",
};

const CONTENT_OF_KINDS = {
  settings: IN_CLUSTER,
  cluster: {
    name: ENVIRONMENT,
    distribution: "eks",
    zones: 3,
    storageClass: "gp3-encrypted",
    store: "remote-write",
  },
  environment: ENVIRONMENT,
  scrapeInterval: `${SCRAPE}s`,
  services: KINDS_OF_SERVICES,
} as const;

/** What Prometheus stored of the service of the incident's pods, under another service's name. */
function underName(name: string, series: readonly StoredSeries[]): StoredSeries[] {
  const own = series.filter(
    ({ labels }) => labels["pod"]?.startsWith(`${SERVICE}-`) === true || labels["job"] === SERVICE,
  );
  return renamed(SERVICE, name, own);
}

function ofCadvisor(series: readonly StoredSeries[]): StoredSeries[] {
  return series.filter(({ labels }) => labels["__name__"] === "up" && labels["job"] === "cadvisor");
}

function isOfContainers({ labels }: Line): boolean {
  return labels["__name__"]?.startsWith("container_") === true;
}

/** One pod that is there all the time is enough to count what is asked of all. */
function podsThatLast(pods: readonly ServicePod[]): ServicePod[] {
  return pods.filter(({ serves }) => MOMENTS.every(serves)).slice(0, 1);
}

/** Records whose past values a period of 30 days is made of, and for how many evaluations they are read; by default all. */
const READ_OF_THE_PAST: readonly (readonly [window: string, evaluations?: number])[] = [
  ["irate", 3600 / SCRAPE],
  ["rate1h"],
  ["rate6h"],
  ["rate1d"],
  ["rate3d"],
];

/**
 * A Prometheus that scraped the lines and evaluated the rules. Thirty days of scrapes would be gigabytes; what the rules recorded in all but
 * the last day is written as they would have recorded it, since nothing happened before the hour: each window had the rate of any hour.
 */
async function serve(lines: readonly Line[], rules: readonly Rules[], start: number) {
  const usual = await serveWithPast(lines, rules, start, []);
  const past: string[] = [];
  try {
    for (const count of ["total", "errors"]) {
      const { answers } = await usual.query(`slo:sli_${count}:rate1h`, start);
      for (const { labels, value } of answers)
        for (const [window, evaluations] of READ_OF_THE_PAST)
          past.push(pastRecord({ ...labels, __name__: `slo:sli_${count}:${window}` }, value, evaluations));
    }
  } finally {
    await usual.stop();
  }
  return serveWithPast(lines, rules, start, past);
}

function serveWithPast(
  lines: readonly Line[],
  rules: readonly Rules[],
  start: number,
  past: readonly string[],
) {
  return PrometheusWithHistory.start({
    start: start + RECORDED_FROM,
    end: start + HOUR * 60,
    step: SCRAPE,
    series: [...past, ...lines.map(notationOf)],
    rules: rules.map(({ groups, from }) => ({
      groups,
      from: start + from,
      alertsFrom: start + LIVED_FROM,
    })),
  });
}
