import { readdirSync, readFileSync } from "node:fs";
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import type { AlertParameters } from "../../../components/alerts/definition.ts";
import { renderMonitoring } from "../../../components/prometheus/render.ts";
import { nodesOf } from "../../../components/promql/tree.ts";
import { parseSeries } from "../../expositions/exposition.ts";
import { type Source, sourcesOf } from "../../expositions/sources.ts";
import { storedLabels } from "../../expositions/targets.ts";
import { counterCalls } from "../grafana/promql.ts";
import { resolved, WITH_EVERYTHING } from "../prometheus/samples.ts";

// A case is worth as much as its series are like the real ones. So each is held against what the exporter exposes, and against the labels
// that the platform's monitors leave of its target.

const FOLDER = new URL("../../expositions/", import.meta.url);
const HAND_WRITTEN = readdirSync(FOLDER).filter((file) => file.endsWith(".prom"));

let sources: readonly Source[];

beforeAll(async () => {
  const monitors = Object.values(renderMonitoring(resolved(WITH_EVERYTHING)).monitors) as (
    | IServiceMonitor
    | IPodMonitor
  )[];
  sources = await sourcesOf(monitors);
});

/** What is unlike the real thing in a series of a case; nothing for a good one. */
function problemsOf(series: string): string[] {
  const { metric, labels } = parseSeries(series);
  // What Prometheus makes of its own alerts, from no exporter.
  if (metric === "ALERTS") return [];
  const ofJob = sources.filter(({ target }) => target.job === labels["job"]);
  if (ofJob.length === 0) return [`${metric}: nothing scrapes the job ${labels["job"]}`];
  const shapes = ofJob.flatMap(({ target, exposition }) =>
    (metric === "up" ? [{}] : (exposition.samples.get(metric) ?? [])).map((own) =>
      storedLabels(target, Object.keys(own)).join(", "),
    ),
  );
  if (shapes.length === 0) return [`${metric}: ${labels["job"]} does not expose it`];
  const names = Object.keys(labels).sort().join(", ");
  return shapes.includes(names)
    ? []
    : [`${metric}: has ${names}; really ${[...new Set(shapes)].join(" or ")}`];
}

function parametersOf(alert: (typeof CATALOGUE)[number]): AlertParameters {
  return {
    threshold: alert.threshold?.default ?? 0,
    for: alert.for,
    severity: alert.severity,
    scrapeInterval: "30s",
  };
}

/** The selectors of a query that name a job, as conditions that a sample meets or not. */
function asked(expr: string) {
  return nodesOf(expr)
    .filter(({ name }) => name === "VectorSelector")
    .map(({ from, to }) => {
      const text = expr.slice(from, to);
      const matchers = [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(
        ([, label = "", operator = "", value = ""]) => ({
          label,
          operator,
          value: value.replaceAll("\\\\", "\\"),
        }),
      );
      return {
        text,
        metric: /^[\w:]+/.exec(text)?.[0] ?? "",
        job: matchers.find(({ label }) => label === "job")?.value,
        meets: (labels: Readonly<Record<string, string>>) =>
          matchers
            .filter(({ label }) => label !== "job")
            .every(({ label, operator, value }) => {
              const isValue = new RegExp(
                `^(?:${operator.endsWith("~") ? value : value.replaceAll(/[.*+?^$(){}|[\]\\]/g, "\\$&")})$`,
              ).test(labels[label] ?? "");
              return operator.startsWith("!") ? !isValue : isValue;
            }),
      };
    });
}

describe.for(CATALOGUE)("$name", (alert) => {
  it("is proven by series as the exporters write them and the monitors store them", () => {
    const series = alert.cases.flatMap(({ build }) =>
      build(parametersOf(alert)).series.map((input) => input.series),
    );
    expect([...new Set(series.flatMap(problemsOf))]).toEqual([]);
  });

  it("asks for what is exposed, by labels and values that occur", () => {
    for (const { text, metric, job, meets } of asked(alert.expr(parametersOf(alert)))) {
      if (job === undefined || metric === "up") continue;
      const samples = sources
        .filter(({ target }) => target.job === job)
        .flatMap(({ exposition }) => exposition.samples.get(metric) ?? []);
      expect(samples.some(meets), text).toBe(true);
    }
  });

  it("takes rates of counters and forecasts of gauges", () => {
    const expr = alert.expr(parametersOf(alert));
    const types = (metric: string) => [
      ...new Set(sources.flatMap(({ exposition }) => exposition.typeOf(metric) ?? [])),
    ];
    const counters = counterCalls(expr).flatMap(({ metrics }) => metrics);
    for (const metric of counters) expect(["counter", "histogram"], metric).toContain(types(metric)[0]);
    for (const [, metric = ""] of expr.matchAll(/(?:predict_linear|changes|max_over_time)\((\w+)/g))
      expect(types(metric), metric).toEqual(["gauge"]);
  });
});

describe("the check of the cases' series", () => {
  const CPU =
    'job="node-exporter", instance="a", namespace="monitoring-node", node="a", cpu="0", mode="idle"';

  it("finds nothing in a series as it is", () => {
    expect(problemsOf(`node_cpu_seconds_total{${CPU}}`)).toEqual([]);
  });

  it.for([
    ["a metric that is misspelt", `node_cpu_second_total{${CPU}}`],
    ["a label that is misspelt", `node_cpu_seconds_total{${CPU.replace("mode", "mod")}}`],
    ["a label that is missing", `node_cpu_seconds_total{${CPU.replace(', cpu="0"', "")}}`],
    ["a label too many", `node_cpu_seconds_total{${CPU}, core="0"}`],
    ["a label of the target that the monitor drops", `node_cpu_seconds_total{${CPU}, pod="node-exporter-x"}`],
    ["a label of the target that is missing", `node_cpu_seconds_total{${CPU.replace(' node="a",', "")}}`],
    ["a job that nothing scrapes", `node_cpu_seconds_total{${CPU.replace("node-exporter", "node")}}`],
  ])("finds %s", ([, series = ""]) => {
    expect(problemsOf(series)).toHaveLength(1);
  });
});

describe("the expositions", () => {
  it("are written by hand only where the README says so", () => {
    const readme = readFileSync(new URL("README.md", FOLDER), "utf8");
    const named = [...readme.matchAll(/^\| (\S+\.prom) \|/gm)].map(([, file]) => file);
    expect(named).toEqual(HAND_WRITTEN.sort());
  });

  it("name a source for each metric that is written by hand", () => {
    for (const file of HAND_WRITTEN) {
      const text = readFileSync(new URL(file, FOLDER), "utf8");
      const families = text.match(/^# TYPE /gm)?.length ?? 0;
      expect(families, file).toBeGreaterThan(0);
      expect(text.match(/^# Source: .+\n# TYPE /gm)?.length, file).toBe(families);
    }
  });
});
