import type { DashboardJson } from "../../components/grafana/json.ts";
import { dashboardsOfService } from "../../components/grafana/service-dashboards.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import { Drawings } from "../pictures/drawings.ts";
import { pictureOf } from "../pictures/picture.ts";
import { prometheusSource } from "../pictures/prometheus.ts";
import { panelsHtml } from "../report/dashboards.ts";
import { connectionTo } from "../verify/connection.ts";
import { fasterQuery } from "./compressed-time.ts";

/** What every panel shows, in hours of production's time. */
const HOURS = 1;

/** The dashboards of the services, as they are rendered for Grafana, drawn from what Prometheus of the lab has now. */
export class LabDashboards {
  readonly #prometheus: string;
  readonly #faster: number;
  readonly #boards: readonly DashboardJson[];

  constructor(
    environment: string,
    services: readonly ServiceMonitoringArgs[],
    { prometheus, faster }: { readonly prometheus: string; readonly faster: number },
  ) {
    this.#prometheus = prometheus;
    this.#faster = faster;
    const dataSource = { uid: "lab", name: "lab", type: "prometheus" } as const;
    const context = { environment, dataSource, runbookBaseUrl: undefined };
    this.#boards = services.flatMap(({ service }) =>
      dashboardsOfService(service, context).map(({ json }) => json),
    );
  }

  get titles(): readonly string[] {
    return this.#boards.map(({ title }) => title);
  }

  /** The markup of the panels of a dashboard, by its place among the titles, from a time in milliseconds since 1970 on; undefined: there is no such dashboard. */
  async drawn(index: number, settled: number | undefined): Promise<string | undefined> {
    const board = this.#boards[index];
    if (board === undefined) return undefined;
    const faster = this.#faster;
    const source = prometheusSource(connectionTo(this.#prometheus, undefined, "lab"), Date.now() / 1000, {
      faster,
      rewritten: (expr) => fasterQuery(expr, faster),
      hours: HOURS,
      from: (settled ?? 0) / 1000,
    });
    // Nothing is kept: the next picture has other values.
    const { panels } = await pictureOf(board, source, new Drawings(undefined));
    return panelsHtml(panels).text;
  }
}
