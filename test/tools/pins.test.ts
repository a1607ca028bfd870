import { describe, expect, it } from "vitest";
import { VERSIONS } from "../../components/core/versions.ts";
import { environmentOf } from "../e2e/environment.ts";
import { run } from "../support/process.ts";
import { pinnedVersion, tool } from "../support/tools.ts";

describe("the tools that the tests run", () => {
  it("are Prometheus and Alertmanager of the versions that are deployed", async () => {
    expect(await pinnedVersion("prometheus")).toBe(VERSIONS.prometheus);
    expect(await pinnedVersion("promtool")).toBe(VERSIONS.prometheus);
    expect(await pinnedVersion("alertmanager")).toBe(VERSIONS.alertmanager);
    expect(await pinnedVersion("amtool")).toBe(VERSIONS.alertmanager);
    expect(await pinnedVersion("history")).toBe(VERSIONS.prometheus);
  });

  it("are the exporter and the sidecar of the versions that are deployed", async () => {
    expect(await pinnedVersion("node_exporter")).toBe(VERSIONS.nodeExporter);
    expect(await pinnedVersion("prometheus-config-reloader")).toBe(VERSIONS.prometheusOperator);
  });

  it("are the operator, kube-state-metrics and Thanos of the versions that are deployed", async () => {
    expect(await pinnedVersion("operator")).toBe(VERSIONS.prometheusOperator);
    expect(await pinnedVersion("kube-state-metrics")).toBe(VERSIONS.kubeStateMetrics);
    expect(await pinnedVersion("thanos")).toBe(VERSIONS.thanos);
  });

  it("are a control plane of the Kubernetes version that production runs", async () => {
    const { cluster } = await environmentOf("prod");
    const minor = (await pinnedVersion("kube-apiserver")).split(".").slice(0, 2).join(".");
    expect(cluster.kind === "existing" ? undefined : cluster.version).toBe(minor);
  });

  it.each([
    "prometheus",
    "promtool",
    "history",
    "alertmanager",
    "amtool",
    "node_exporter",
    "prometheus-config-reloader",
  ] as const)("%s says its version", async (name) => {
    const { code, stdout } = await run(await tool(name), ["--version"]);
    expect(code).toBe(0);
    expect(stdout.split(/\s+/).slice(0, 3)).toEqual([`${name},`, "version", await pinnedVersion(name)]);
  });
});
