import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Exposition, parseExposition } from "../../expositions/exposition.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { SALES_REPORT, SALES_REPORT_JOB } from "../../support/control-plane/sales-report.ts";
import { EKS_METRICS } from "../../support/control-plane/workloads.ts";
import { until } from "../../support/servers.ts";

// The expositions that are written by hand, of programs that the other tests do not run, next to what those programs really expose on
// this control plane: a label that one of them has and the other lacks would make an alert's case prove nothing.

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  const { api } = platform.plane;
  const metadata = { name: "sample", namespace: "shop" };
  const container = { name: "main", image: "example.com/stand-in:1" };
  const { apiVersion, kind } = SALES_REPORT_JOB;
  const cronJob = await api.get({ apiVersion, kind, name: SALES_REPORT, namespace: "shop" });
  const owner = { apiVersion, kind, name: SALES_REPORT, uid: cronJob?.metadata["uid"], controller: true };
  for (const object of [
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { ...metadata, ownerReferences: [owner] },
      spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, name: "sample-gated" },
      spec: { schedulingGates: [{ name: "example.com/queue" }], containers: [container] },
    },
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: {
        maxReplicas: 2,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "storefront" },
      },
    },
    { apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard: { services: "10" } } },
  ])
    await api.apply(object, "sample");
  await until(async () => (await text("kube-state-metrics", 8080)).includes('job_name="sample"'), 60);
  // Some series are there only once something was counted, or a controller has written a status.
  await sleep(5_000);
});
keepLogsOfFailures(() => platform?.plane);
afterAll(() => platform?.stop());

async function text(program: "kube-state-metrics" | "prometheus-operator", port: number): Promise<string> {
  const { ports } = program === "prometheus-operator" ? platform.operator : platform.kubeStateMetrics;
  return await (await fetch(`http://127.0.0.1:${ports[port]}/metrics`)).text();
}

async function asked(path: string): Promise<string> {
  return (await platform.plane.api.must<string>("GET", path)).body;
}

/** The names of a metric's labels, one set for each combination that occurs. */
function labelSets(exposition: Exposition, metric: string): ReadonlySet<string> {
  const samples = exposition.samples.get(metric) ?? [];
  return new Set(samples.map((labels) => Object.keys(labels).sort().join(",")));
}

describe("the exposition written by hand", () => {
  it.each([
    ["kube-state-metrics.prom", () => text("kube-state-metrics", 8080)],
    ["kube-state-metrics.telemetry.prom", () => text("kube-state-metrics", 8081)],
    ["prometheus-operator.prom", () => text("prometheus-operator", 8080)],
    ["apiserver.prom", () => asked("/metrics")],
    ["kube-scheduler.prom", () => asked(`/apis/${EKS_METRICS}/v1/ksh/container/metrics`)],
  ])("%s has the labels that the program has", async (file, ask) => {
    const written = parseExposition(await readFile(join("test", "expositions", file), "utf8"));
    const real = parseExposition(await ask());
    const absent: string[] = [];
    const different: string[] = [];
    for (const metric of written.samples.keys()) {
      const [ours, theirs] = [labelSets(written, metric), labelSets(real, metric)];
      if (theirs.size === 0) absent.push(metric);
      else
        for (const set of ours)
          if (!theirs.has(set))
            different.push(
              `${metric}{${set}}, really ${[...theirs].map((labels) => `{${labels}}`).join(" ")}`,
            );
    }
    console.log(
      `${file}: ${written.samples.size} metrics, ${different.length} with other labels, ` +
        `not exposed by this cluster: ${absent.join(", ") || "none"}`,
    );
    expect(different).toEqual([]);
  });
});
