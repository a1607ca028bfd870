import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DashboardJson, PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { panelsOf } from "../../components/grafana/lint/check.ts";
import {
  DASHBOARDS,
  type DashboardKey,
  type DashboardRef,
  dashboardName,
  dashboardUid,
} from "../../components/signals/panels.ts";
import { services } from "../../stacks/services/index.ts";
import { CAPTURED_FILES, notCaptured } from "../expositions/sources.ts";
import type { PrometheusWithHistory } from "../support/prometheus.ts";
import { NOW, prometheusOf } from "./dashboard-data.ts";
import { ENVIRONMENTS, type EnvironmentName, files } from "./previews.ts";

// Every query of every dashboard, asked of the real Prometheus as Grafana would ask it: nothing chosen, over an hour.

let server: PrometheusWithHistory;
beforeAll(async () => {
  server = await prometheusOf("prod");
}, 300_000);
afterAll(() => server?.stop());

/** Panels without data here, by their dashboard's name and their id, such as `nodes/1234567`, and why. */
const EMPTY: Readonly<Record<string, string>> = {
  "pods/568997617": "Pods not ready: those of the control plane are ready, or of Jobs",
};

const VALUES: Readonly<Record<string, string>> = {
  __rate_interval: "2m",
  __range: "1h",
  __range_s: "3600",
  __interval: "30s",
};

/** A query as Grafana sends it with all of every variable chosen. */
function sent({ expr }: TargetJson): string {
  return expr.replaceAll(/\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g, (_, braced?: string, bare?: string) => {
    return VALUES[braced ?? bare ?? ""] ?? ".*";
  });
}

async function hasData({ targets }: PanelJson): Promise<boolean> {
  const answers = await Promise.all(targets.map((target) => server.query(sent(target), NOW)));
  return answers.some(({ answers: series }) => series.some(({ value }) => !Number.isNaN(value)));
}

const REFS: readonly DashboardRef[] = [
  ...(Object.keys(DASHBOARDS) as DashboardKey[]),
  ...services.map(({ name }) => ({ service: name })),
];

/** The environment's panels, each with the name of its dashboard, which is the same in all of them. */
function drawn(environment: EnvironmentName): { readonly board: string; readonly panel: PanelJson }[] {
  const names = new Map(REFS.map((ref) => [dashboardUid(ref, environment), dashboardName(ref)]));
  return Object.values(files(environment, "dashboards")).flatMap((text) => {
    const json = JSON.parse(text) as DashboardJson;
    const board = names.get(json.uid);
    if (board === undefined) throw new Error(`${json.uid} is no dashboard of ${environment}`);
    return panelsOf(json).map((panel) => ({ board, panel }));
  });
}

// The rules are production's, so what is recorded of services that do not run there is not to be had.
const inProduction = new Set(drawn("prod").map(({ board }) => board));

/** Whatever is asked in any environment, once. */
const distinct = new Map(
  ENVIRONMENTS.flatMap(drawn)
    .filter(({ board }) => inProduction.has(board))
    .map((one) => [JSON.stringify([one.board, one.panel.id, one.panel.targets]), one]),
);

describe("the queries of all dashboards", () => {
  const all = [...distinct.values()];

  it("are near two hundred, and those of every service among them", () => {
    expect(all.length).toBeGreaterThan(190);
    const boards = new Set(all.map(({ board }) => board));
    expect(services.filter(({ name }) => !boards.has(`service-${name}`))).toEqual([]);
  });

  it("evaluate in the real Prometheus, and every panel but those that are named has data there", async () => {
    const empty: string[] = [];
    for (const { board, panel } of all) if (!(await hasData(panel))) empty.push(`${board}/${panel.id}`);
    expect(empty).toEqual(Object.keys(EMPTY));
    console.log(`${all.length - empty.length} of ${all.length} panels with data`);
  });
});

describe("what the Prometheus holds", () => {
  it("was captured from the programs that need a control plane, but for metrics that are named", () => {
    expect(Object.fromEntries(CAPTURED_FILES.map((file) => [file, notCaptured(file)]))).toEqual({
      "apiserver.prom": [
        "apiserver_client_certificate_expiration_seconds_count",
        "apiserver_client_certificate_expiration_seconds_sum",
      ],
      "kube-scheduler.prom": [],
      "kube-state-metrics.prom": [
        "kube_horizontalpodautoscaler_spec_max_replicas",
        "kube_horizontalpodautoscaler_spec_min_replicas",
        "kube_horizontalpodautoscaler_status_condition",
        "kube_horizontalpodautoscaler_status_current_replicas",
        "kube_job_complete",
        "kube_job_created",
        "kube_job_failed",
        "kube_job_owner",
        "kube_pod_container_status_last_terminated_reason",
        "kube_pod_container_status_waiting_reason",
        "kube_pod_status_reason",
        "kube_resourcequota",
      ],
      "kube-state-metrics.telemetry.prom": ["kube_state_metrics_list_total"],
      "prometheus-operator.prom": [],
    });
  });
});
