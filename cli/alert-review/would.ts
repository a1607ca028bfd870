import { duration } from "../../components/core/duration.ts";
import type { EnvironmentModel, ModelAlert } from "../review/model.ts";
import { gridWithin, presenceOf } from "../review/replay/history.ts";
import type { Incident } from "../review/replay/incidents.ts";
import type { Night } from "../review/replay/night.ts";
import { offsetsOf } from "../review/replay/offsets.ts";
import { replay } from "../review/replay/replay.ts";
import type { Replay } from "../review/replay/result.ts";
import type { ReplayedRule } from "../review/replay/rules.ts";
import { type Firing, firingsWithin, seriesOf } from "../review/replay/side.ts";
import type { Connection } from "../verify/connection.ts";
import type { LoadedAlert } from "./rules.ts";

/** In seconds. */
const STEP = 6 * 3600;

/** What a rule would have done over the period that is reviewed. Answers of the server are kept. */
export class Would {
  private readonly history: Connection;
  private readonly from: number;
  private readonly to: number;
  private readonly offsets = new Map<string, Promise<number>>();
  private readonly presences = new Map<string, ReturnType<typeof presenceOf>>();

  constructor(history: Connection, from: number, to: number) {
    this.history = history;
    this.from = from;
    this.to = to;
  }

  /** When it would have fired. Rejects with a QueryRefused if the server does not evaluate its query. */
  async fire(alert: LoadedAlert): Promise<readonly Firing[]> {
    const rule = replayedRule(alert);
    // In steps, so that what differs only in for and keep_firing_for reads the same.
    const early = this.from - STEP * Math.ceil((rule.hold + rule.keep) / STEP);
    const grid = gridWithin(early, this.to, rule.interval, await this.offsetOf(alert));
    const key = JSON.stringify([rule.expr, grid]);
    const presence = this.presences.get(key) ?? presenceOf(this.history, rule.expr, grid);
    this.presences.set(key, presence);
    return firingsWithin(seriesOf(rule, await presence), grid, this.from).filter(
      ({ from }) => from <= this.to,
    );
  }

  /** The replay of a review, of one rule before and after; an undefined one is removed. */
  async replay(
    before: LoadedAlert,
    after: LoadedAlert | undefined,
    night: Night & { readonly text: string },
    incidents: readonly Incident[],
  ): Promise<Replay> {
    return replay({
      base: modelOf([before]),
      head: modelOf(after === undefined ? [] : [after]),
      from: this.from,
      to: this.to,
      night,
      incidents: incidents.map((incident) => ({ ...incident, environment: "" })),
      history: this.history,
      place: "",
      local: { program: undefined },
    });
  }

  private offsetOf(alert: LoadedAlert): Promise<number> {
    const known =
      this.offsets.get(alert.group) ??
      offsetsOf(this.history, [replayedRule(alert)], this.from, this.to).then(
        (found) => found.get(alert.group) ?? 0,
      );
    this.offsets.set(alert.group, known);
    return known;
  }
}

function replayedRule({ name, expr, labels, group, interval, hold, keep }: LoadedAlert): ReplayedRule {
  return { kind: "alert", name, expr, labels, group, interval, hold, keep };
}

/** As much of an environment as a replay reads: rules alone, whose alerts reach somebody. */
function modelOf(alerts: readonly LoadedAlert[]): EnvironmentModel {
  return {
    format: 1,
    environment: "",
    tier: "",
    scrapeInterval: "",
    versions: {},
    settings: {},
    services: {},
    alerts: alerts.map(modelAlert),
    objectives: [],
    resources: alerts.map(({ name, expr, labels, group, interval, hold, keep }) => ({
      urn: "",
      type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      name: group,
      parent: null,
      protect: false,
      inputs: {
        spec: {
          groups: [
            {
              name: group,
              interval: duration(interval),
              rules: [
                {
                  alert: name,
                  expr,
                  for: duration(hold),
                  keep_firing_for: duration(keep),
                  labels,
                  annotations: {},
                },
              ],
            },
          ],
        },
      },
    })),
    outputs: {},
    dashboards: {},
    policies: [],
    alertmanager: undefined,
  };
}

function modelAlert({ name, expr, labels, hold, keep }: LoadedAlert): ModelAlert {
  const { severity = "", team = "", service, slo } = labels;
  return {
    name,
    severity,
    team,
    service,
    slo,
    by: "Prometheus",
    for: duration(hold),
    keepFiringFor: duration(keep),
    summary: "",
    description: "",
    receivers: [{ name: team, kind: "webhook" }],
    byNamespace: [],
    runbookUrl: undefined,
    dashboardUrl: undefined,
    expr,
    problem: undefined,
  };
}
