import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderAlertRules, renderAlertTests } from "../../components/alerts/render.ts";
import { type Duration, duration, seconds } from "../../components/core/duration.ts";
import type { PromtoolCase, PromtoolSeries, PromtoolTestFile } from "../../components/core/promtool.ts";
import type { RuleFile } from "../../components/core/rules.ts";
import { GRAFANA_ALERTS } from "../../components/grafana/alerting/catalogue/index.ts";
import { testRules } from "../components/alerts/promtool.ts";
import { productionArgs } from "../components/alerts/samples.ts";
import { platformSeries } from "./dashboard-data.ts";
import { files } from "./previews.ts";
import { blocksOf, PAGING } from "./runbook-blocks.ts";

// Every query on the page of an alert that pages, asked while the alert fires: of what production's targets expose, with the series of
// the alert's own firing cases in their place. A query that shows nothing then is of no use to who is paged.

/** What else is exposed while the fault lasts: the cause that a query looks for, and what the expositions of the tests do not have. */
const CAUSES: Readonly<Record<string, readonly string[]>> = {
  KubeAPIErrorBudgetBurn: [
    'aggregator_unavailable_apiservice{job="apiserver", name="v1beta1.metrics.k8s.io"} 1x1000',
    'apiserver_admission_webhook_rejection_count{job="apiserver", name="pods.example.com", type="validating", operation="CREATE", error_type="calling_webhook_error", rejection_code="0"} 0+3x1000',
  ],
  KubeNodesNotReady: [
    'kube_node_labels{job="kube-state-metrics", node="node-0", label_topology_kubernetes_io_zone="eu-central-1a"} 1x1000',
    'kube_deployment_status_replicas_available{job="kube-state-metrics", namespace="shop", deployment="web"} 0x1000',
  ],
  KubePersistentVolumeInodesAlmostUsed: [
    'kubelet_volume_stats_inodes_used{job="kubelet", namespace="shop", persistentvolumeclaim="data-queue-0"} 973000+10x1000',
  ],
  KubeStateMetricsDown: [
    'container_memory_working_set_bytes{job="cadvisor", namespace="monitoring", pod="kube-state-metrics-0", container="kube-state-metrics"} 180000000x1000',
  ],
  KubeStateMetricsWatchErrors: [
    'apiserver_request_total{job="apiserver", verb="WATCH", code="200", resource="pods"} 0+3x1000',
  ],
  ThanosRulerAlertsUndelivered: [
    'thanos_rule_alertmanagers_dns_provider_results{job="thanos-ruler", pod="thanos-ruler-main-0", addr="dnssrv+http://_web._tcp.alertmanager-operated.monitoring.svc"} 3x1000',
    'thanos_alert_sender_errors_total{job="thanos-ruler", pod="thanos-ruler-main-0", alertmanager="http://10.40.11.0:9093"} 0+3x1000',
  ],
  ThanosRulerNotEvaluating: [
    'thanos_rule_loaded_rules{job="thanos-ruler", pod="thanos-ruler-main-0", group="shop.slo", file="a.yaml", strategy="ABORT"} 0x1000',
  ],
  PrometheusNotIngestingSamples: [
    'prometheus_target_scrape_pool_targets{job="prometheus", pod="prometheus-prometheus-0", scrape_job="serviceMonitor/monitoring/kubelet/0"} 0x1000',
  ],
};

interface Firing {
  readonly alert: string;
  readonly rules: string | undefined;
  readonly one: PromtoolCase;
  readonly at: Duration;
  readonly labels: Readonly<Record<string, string>>;
}

/** What production has not: rulers of Thanos, and shards of Prometheus. */
const RULED = productionArgs(
  {},
  {
    cluster: { distribution: "eks", store: "thanos", evaluator: "thanos-ruler", shards: 2 },
    rules: "store",
  },
);
const RULED_FILE = "platform-prometheus-with-rulers";

const RULES: Readonly<Record<string, RuleFile>> = {
  ...Object.fromEntries(
    Object.entries(files("prod", "prometheus/rules")).map(([file, text]) => [
      basename(file, ".yaml"),
      parse(text) as RuleFile,
    ]),
  ),
  [RULED_FILE]: { groups: renderAlertRules(RULED)["prometheus"]?.spec.groups ?? [] } as unknown as RuleFile,
};

const TESTS: readonly PromtoolTestFile[] = [
  ...Object.values(files("prod", "prometheus/tests")).map((text) => parse(text) as PromtoolTestFile),
  ...Object.values(renderAlertTests(RULED))
    .filter((file) => file.rule_files.some((name) => name.endsWith("/platform-prometheus.yaml")))
    .map((file) => ({
      ...file,
      rule_files: [`../rules/${RULED_FILE}.yaml`],
      tests: file.tests.filter(({ name }) => /^(?:ThanosRuler|PrometheusShard)/.test(name ?? "")),
    })),
];

/** The cases of an alert in which it fires, each with the first moment at which it does. */
const FIRING: readonly Firing[] = TESTS.flatMap(({ rule_files: ruleFiles, tests }) => {
  const rules = ruleFiles.map((file) => basename(file, ".yaml")).find((file) => file in RULES);
  return tests.flatMap((one) => {
    const asked = (one.alert_rule_test ?? []).filter(
      ({ alertname, exp_alerts: expected }) => PAGING.includes(alertname) && expected.length > 0,
    );
    const [first] = asked;
    const labels = first?.exp_alerts[0]?.exp_labels;
    if (first === undefined || labels?.["severity"] !== "critical") return [];
    return [{ alert: first.alertname, rules, one, at: first.eval_time, labels }];
  });
});

/** The first firing cases of each alert are enough: those that follow differ in numbers. */
const MOST_CASES = 2;

const ofGrafana = new Set<string>(GRAFANA_ALERTS.map(({ name }) => name));

/** Prometheus knows nothing of the faults that Grafana watches for: what is asked then is asked of all that is well. */
const outside = (alert: string): Firing => ({
  alert,
  rules: undefined,
  one: { name: "is evaluated by Grafana", interval: "30s", input_series: [] },
  at: "30m",
  labels: {},
});

function casesOf(alert: string): readonly Firing[] {
  if (ofGrafana.has(alert)) return [outside(alert)];
  // The pages about objectives speak of a service that answers requests.
  const own = FIRING.filter((each) => each.alert === alert);
  const ofRequests = own.filter(({ rules }) => rules?.startsWith("service-storefront"));
  return (ofRequests.length > 0 ? ofRequests : own).slice(0, MOST_CASES);
}

const metricOf = (series: string) => series.slice(0, series.indexOf("{"));
const jobOf = (series: string) => /\bjob="([^"]*)"/.exec(series)?.[1];

/** What the targets expose beside the case, without what the case and its alert are about. */
function beside(world: readonly string[], { alert, rules, one, at }: Firing, queries: readonly string[]) {
  const expr = (rules === undefined ? [] : (RULES[rules]?.groups ?? []))
    .flatMap((group) => group.rules)
    .filter((rule) => rule.alert === alert)
    .map((rule) => rule.expr)
    .join(" ");
  const jobs = new Set([...expr.matchAll(/\bjob="([^"]*)"/g)].map(([, job]) => job));
  const own = new Set(one.input_series.map(({ series }) => `${metricOf(series)} ${jobOf(series)}`));
  const asked = new Set(queries.join(" ").match(/[a-zA-Z_:][\w:]*/g));
  const named = new Set(expr.match(/[a-zA-Z_:][\w:]*/g));
  const scrapes = Math.ceil(seconds(at) / seconds(one.interval)) + 1;
  return world
    .filter((series) => {
      const metric = metricOf(series);
      const job = jobOf(series);
      if (!asked.has(metric) || own.has(`${metric} ${job}`)) return false;
      return !(named.has(metric) && jobs.has(job ?? ""));
    })
    .map((text) => inPromtool(text.replace(/x\d+$/, `x${scrapes}`)));
}

function inPromtool(text: string): PromtoolSeries {
  const end = text.lastIndexOf("} ") + 1;
  return { series: text.slice(0, end), values: text.slice(end + 1) };
}

const isAnswered = (query: string) => `count(${query}) > bool 0`;

/** For each case of an alert the numbers of the queries that show nothing. */
async function silentIn(alert: string, world: readonly string[]): Promise<readonly (readonly number[])[]> {
  return Promise.all(
    casesOf(alert).map(async (firing) => {
      const { one, at, labels, rules } = firing;
      const { blocks } = blocksOf(alert, "promql", labels);
      const causes = (CAUSES[alert] ?? []).map(inPromtool);
      const tests: PromtoolCase = {
        name: alert,
        interval: one.interval,
        input_series: [...one.input_series, ...beside(world, firing, blocks), ...causes],
        promql_expr_test: blocks.map((query) => ({
          expr: isAnswered(query),
          eval_time: at,
          exp_samples: [{ labels: "{}", value: 1 }],
        })),
      };
      const own = rules === undefined ? {} : { [rules]: RULES[rules] ?? { groups: [] } };
      const file = {
        rule_files: Object.keys(own).map((name) => `../rules/${name}.yaml`),
        evaluation_interval: duration(30),
        tests: [tests],
      };
      const { code, stdout, stderr } = await testRules(own, { [alert]: file });
      const text = `${stdout}${stderr}`;
      const silent = blocks.flatMap((query, index) =>
        text.includes(`expr: ${JSON.stringify(isAnswered(query))}`) ? [index] : [],
      );
      expect(code === 0, text).toBe(silent.length === 0);
      return silent;
    }),
  );
}

describe("the queries on the pages of alerts that page", { timeout: 300_000 }, () => {
  it("have firing cases to be asked in", () => {
    expect(PAGING.length).toBeGreaterThan(25);
    expect(PAGING.filter((alert) => casesOf(alert).length === 0)).toEqual([]);
  });

  it("have every name filled in from the labels of the alert", () => {
    for (const alert of PAGING)
      for (const { labels } of casesOf(alert))
        for (const query of blocksOf(alert, "promql", labels).blocks)
          expect(query, alert).not.toMatch(/(?<!verb=)"[A-Z][A-Z_]+"/);
  });

  it("each show something while the alert fires", async () => {
    const world = await platformSeries("prod");
    const silent: string[] = [];
    let asked = 0;
    for (const alert of PAGING) {
      const cases = await silentIn(alert, world);
      const { blocks } = blocksOf(alert, "promql", {});
      asked += blocks.length;
      for (const index of blocks.keys())
        if (cases.every((numbers) => numbers.includes(index))) silent.push(`${alert} ${index + 1}`);
    }
    console.log(`${asked - silent.length} of ${asked} queries of ${PAGING.length} runbooks show something`);
    expect(silent).toEqual([]);
  });
});
