import { type OwnAlert, targetLabels } from "../../service/model.ts";
import { printSelector } from "../../signals/promql.ts";
import { CONTAINERS } from "../../signals/selectors.ts";
import { ALERTS, RECORDS, recordOf } from "../../slo/conventions.ts";
import { toNumber } from "../../slo/fraction.ts";
import { errorBudget, type Slo } from "../../slo/model.ts";
import { type SloPanelKind, sloPanel } from "../../slo/panels.ts";
import type { Dashboard, Section } from "../dashboard.ts";
import { alertLink, type Link } from "../link.ts";
import type { Panel } from "../panel.ts";
import { balanced, tile, tiles } from "../signal-panels.ts";
import { breakdownPanels } from "./breakdown-panels.ts";
import { firingRows, firingTile, NOTIFIED } from "./firing-alerts.ts";
import { measurePanels } from "./measure-panels.ts";
import { burnAnnotation } from "./objective-panels.ts";
import { ownAlertSections } from "./own-alert-panels.ts";
import type { OwnDashboard } from "./own-dashboards.ts";

/** A service as its dashboard shows it. */
export interface DrawnService {
  readonly name: string;
  readonly owner: string;
  readonly description: string;
  readonly namespace: string;
  /** Whether the platform scrapes it. */
  readonly isScraped: boolean;
  readonly slos: readonly Slo[];
  /** The alerts that the team defines itself, by name. */
  readonly alerts: readonly (readonly [name: string, alert: OwnAlert])[];
  /** The dashboards that the team exported from a Grafana. */
  readonly dashboards: readonly OwnDashboard[];
  /** Base URL of the runbooks; without it panels have no links to runbooks. */
  readonly runbookBaseUrl: string | undefined;
}

/**
 * Rate, errors and duration of one service, and its objectives. Each service has its own dashboard, in the folder of its team, instead of
 * one dashboard with a variable: metrics, objectives and namespace differ between services.
 */
export function serviceDashboard(service: DrawnService): Dashboard {
  const { name, owner, description, slos, isScraped, dashboards } = service;
  return {
    ref: { service: name },
    title: `Service ${name}`,
    description: `${description.replace(/\.$/, "")}. Owned by ${owner}.`,
    tags: ["service", `team:${owner}`],
    sections: [
      now(service),
      ...slos.map((slo) => objectiveSection(slo, service)),
      ...ownAlertSections(service),
      ...(isScraped ? [running(service)] : []),
    ],
    variables: [],
    links: [
      ...dashboards.map(({ title, uid }) => ({ title, url: `/d/${uid}` })),
      { title: "Overview", to: "overview" },
      { title: "Objectives", to: "objectives", values: { service: name } },
      { title: "Workloads", to: "workloads", values: { namespace: service.namespace } },
      { title: "Pods", to: "pods", values: { namespace: service.namespace } },
    ],
    annotations: [burnAnnotation(`, service="${name}"`)],
  };
}

/** More error budgets do not fit beside the two tiles of firing alerts. */
const MOST_BUDGETS = 4;

function now({ name, slos }: DrawnService): Section {
  const ofService = `, service="${name}"`;
  return {
    title: "Now",
    lines: [
      tiles(
        firingTile("critical", ofService),
        firingTile("warning", ofService),
        ...slos.slice(0, MOST_BUDGETS).map((slo) => ({
          key: `${slo.name}-left`,
          title: `Remaining error budget: ${slo.name}`,
          description: `Remaining share of the error budget of ${slo.objective}% over ${slo.period}. Below 0 the objective is missed.`,
          expr: `1 - max(${of(slo, RECORDS.budgetSpent)})`,
          limit: { value: 0, bad: "below" } as const,
          unit: "percentunit",
        })),
      ),
      {
        height: 6,
        things: [
          firingRows(
            { severity: "Severity", alertname: "Alert", slo: "Objective" },
            `max by (severity, alertname, slo) (ALERTS{${NOTIFIED}${ofService}})`,
          ),
        ],
      },
    ],
  };
}

function of(slo: Slo, record: string): string {
  return printSelector(recordOf(slo, record));
}

function objectiveSection(slo: Slo, service: DrawnService): Section {
  const { name, objective: percent, period, signal } = slo;
  const share = (window: "5m" | "1h" | "6h" | "1d" | "3d") =>
    `max(${of(slo, RECORDS.errors(window))}) / (max(${of(slo, RECORDS.total(window))}) > 0)`;
  const budget = toNumber(errorBudget(percent));
  const isClassified = signal.unclassified !== undefined;
  const draw = (kind: SloPanelKind, panel: Omit<Panel, "key" | "links">): Panel => ({
    key: sloPanel(slo, kind).panel,
    links: linksOf(slo, kind, service),
    ...panel,
  });
  return {
    title: `Objective ${name}: ${percent}% of ${signal.unit} over ${period}`,
    lines: balanced([
      draw("traffic", {
        title: `Rate of ${signal.unit}`,
        description: `All ${signal.unit} per second of the SLI, over 5 minutes.${isClassified ? " Those of an unknown outcome count as good." : ""}`,
        unit: "cps",
        view: { kind: "lines" },
        queries: [
          { expr: `max(${of(slo, RECORDS.total("5m"))})`, legend: signal.unit },
          ...(isClassified
            ? [{ expr: `max(${of(slo, RECORDS.unclassifiedStep)})`, legend: "outcome unknown" }]
            : []),
        ],
      }),
      draw("errors", {
        title: "Error ratio",
        description: `Share of ${signal.unit} that failed, over 5 minutes. ${signal.description} The line is the error budget.`,
        unit: "percentunit",
        view: { kind: "lines", limit: { value: budget, bad: "above" } },
        queries: [{ expr: share("5m"), legend: "failed" }],
      }),
      ...breakdownPanels(slo),
      ...measurePanels(slo, service.slos),
      draw("burn", {
        title: "Burn rates",
        description:
          "Burn rate over each window that an alert uses. At 1 the error budget is exhausted at the end of the period.",
        unit: "short",
        view: { kind: "lines", limit: { value: 1, bad: "above" } },
        queries: [
          { expr: `${share("5m")} / ${budget}`, legend: "5 min" },
          { expr: `${share("1h")} / ${budget}`, legend: "1 h" },
          { expr: `${share("6h")} / ${budget}`, legend: "6 h" },
          { expr: `${share("1d")} / ${budget}`, legend: "1 d" },
          { expr: `${share("3d")} / ${budget}`, legend: "3 d" },
        ],
      }),
      draw("budget", {
        title: "Remaining error budget",
        description: `Remaining share of the error budget over ${period}. Below 0 the objective is missed.`,
        unit: "percentunit",
        view: { kind: "lines", limit: { value: 0, bad: "below" } },
        queries: [{ expr: `1 - max(${of(slo, RECORDS.budgetSpent)})`, legend: "remaining" }],
      }),
    ]),
  };
}

/** The alerts that link to each panel of an objective. */
const ALERTS_OF_PANEL: Readonly<Record<SloPanelKind, readonly string[]>> = {
  traffic: [ALERTS.absent, ALERTS.unclassified],
  errors: [],
  burn: [ALERTS.fastBurn, ALERTS.slowBurn],
  budget: [ALERTS.half, ALERTS.nearly, ALERTS.spent],
};

function linksOf(slo: Slo, kind: SloPanelKind, { runbookBaseUrl }: DrawnService): Link[] {
  const detail: Link = {
    title: "Objective in detail",
    to: "objective",
    values: { service: slo.service, slo: slo.name },
  };
  const alerts = ALERTS_OF_PANEL[kind].flatMap((alert) => [
    ...(runbookBaseUrl === undefined
      ? []
      : [{ title: `Runbook ${alert}`, url: `${runbookBaseUrl}/${alert}.md` }]),
    alertLink(alert),
  ]);
  return [detail, ...alerts];
}

/** The service's targets, and the CPU and memory usage of their pods. */
function running(service: DrawnService): Section {
  const { job, namespace = service.namespace } = targetLabels(service);
  const targets = `up{job="${job}", namespace="${namespace}"}`;
  const ofPods = (expr: string) => `${expr} and on (pod) max by (pod) (${targets})`;
  const toPods: Link = { title: "Pods of the namespace", to: "pods", values: { namespace } };
  return {
    title: "Pods",
    lines: [
      {
        height: 8,
        things: [
          tile({
            key: "targets",
            title: "Targets up",
            description: "Share of the service's targets whose last scrape succeeded.",
            expr: `avg(${targets})`,
            limit: { value: 0.9, bad: "below" },
            unit: "percentunit",
          }),
          {
            key: "pods-cpu",
            title: "CPU usage",
            description: "CPU cores that each pod of the service uses.",
            unit: "short",
            view: { kind: "lines" },
            queries: [
              {
                expr: ofPods(
                  `sum by (pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}, namespace="${namespace}"}[$__rate_interval]))`,
                ),
                legend: "{{pod}}",
              },
            ],
            links: [toPods],
          },
          {
            key: "pods-memory",
            title: "Memory working set",
            description: "Working set of each pod of the service, in bytes.",
            unit: "bytes",
            view: { kind: "lines" },
            queries: [
              {
                expr: ofPods(
                  `sum by (pod) (container_memory_working_set_bytes{${CONTAINERS}, namespace="${namespace}"})`,
                ),
                legend: "{{pod}}",
              },
            ],
            links: [toPods],
          },
        ],
        shares: [1, 2, 2],
      },
    ],
  };
}
