import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploymentsIn, rollouts } from "../../../cli/runbook/changes.ts";
import { connectionTo } from "../../../cli/verify/connection.ts";
import { serveRules } from "../../support/live-prometheus.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { type Server, until } from "../../support/servers.ts";
import { runHere } from "../surroundings.ts";

const REPOSITORY = { place: "repository" } as const;

describe("the runbook of an alert that fires in a real Prometheus", () => {
  let folder: string;
  let prometheus: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-runbook-"));
    const alert = (pod: string) => ({
      alert: "KubePodCrashLooping",
      expr: "vector(1)",
      labels: { severity: "warning", team: "shop", namespace: "shop", pod, container: "web" },
      annotations: { summary: `shop/${pod} restarts`, dashboard_url: "https://grafana.example.com/d/pods" },
    });
    prometheus = await serveRules(folder, [
      { name: "pods", rules: [alert("web-0"), { ...alert("web-1"), for: "1h" }] },
    ]);
    await until(async () => {
      const response = await fetch(`${prometheus.url}/api/v1/alerts`);
      return ((await response.json()) as { data: { alerts: unknown[] } }).data.alerts.length === 2;
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true });
  });

  it("says what fires, who owns it and where its panel is, and has its labels filled in", async () => {
    const { code, out, error } = await runHere(
      ["runbook", "KubePodCrashLooping", "--prometheus", prometheus.url],
      REPOSITORY,
    );
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/KubePodCrashLooping is firing; its condition has held since 20\d\d-/);
    expect(out).toContain("  shop/web-0 restarts\n");
    expect(out).toContain("Owner: shop");
    expect(out).toContain("Panel: https://grafana.example.com/d/pods");
    expect(out).toMatch(/Also firing or pending with this name.*\n {2}pending: .*pod="web-1"/);
    expect(out).toContain("# KubePodCrashLooping\n");
    expect(out).toContain("NAMESPACE=shop POD=web-0");
    expect(out).not.toContain("=...");
    expect(out).not.toContain("Not filled in");
  });

  it("takes the alert that the labels name", async () => {
    const { out } = await runHere(
      ["runbook", "KubePodCrashLooping", "--prometheus", prometheus.url, "--labels", "pod=web-1"],
      REPOSITORY,
    );
    expect(out).toContain("KubePodCrashLooping is pending");
    expect(out).toContain("POD=web-1");
    expect(out).not.toContain("Also firing");
  });

  it("says that an alert does not fire", async () => {
    const { code, out } = await runHere(
      ["runbook", "KubePodCrashLooping", "--prometheus", prometheus.url, "--labels", "pod=other"],
      REPOSITORY,
    );
    expect(code).toBe(0);
    expect(out).toContain("neither firing nor pending with these labels");
  });
});

describe("a runbook without a server", () => {
  it("has the labels that are given, and names what is not filled in", async () => {
    const { code, out } = await runHere(
      ["runbook", "KubePodCrashLooping", "--labels", "namespace=shop"],
      REPOSITORY,
    );
    expect(code).toBe(0);
    expect(out).toContain("NAMESPACE=shop POD=...");
    expect(out).toMatch(/Not filled in\n {2}POD.*: give them, such as --labels pod=/);
  });

  it("names the labels that nothing on the page asks for", async () => {
    const asked = async (labels: string, ...more: readonly string[]) =>
      (await runHere(["runbook", "KubePodCrashLooping", "--labels", labels, ...more], REPOSITORY)).out;
    expect(await asked("namespace=shop,pdo=web-0,zone=a")).toMatch(
      /Not on this page\n {2}pdo, zone: no command and no query of it asks for these labels/,
    );
    expect(await asked("namespace=shop,pod=web-0")).not.toContain("Not on this page");
    expect(await asked("service=storefront")).toContain("service: no command and no query");
    expect(await asked("service=storefront", "--environment", "prod")).not.toContain("Not on this page");
  });

  it("refuses an alert without a page, with the name that is near, and labels that are none", async () => {
    const { code, error } = await runHere(["runbook", "KubePodCrashLoopin"], REPOSITORY);
    expect(code).toBe(2);
    expect(error).toContain("fix      write KubePodCrashLooping");
    const labels = await runHere(["runbook", "KubePodCrashLooping", "--labels", "shop"], REPOSITORY);
    expect(labels.code).toBe(2);
    expect(labels.error).toMatch(/--labels\n {4}found {4}"shop"/);
  });
});

describe("what changed last", () => {
  it("has each rollout of the namespace with its minute, the newest first, and no other", async () => {
    const step = 60;
    const end = Math.floor(Date.now() / 1000 / step) * step;
    const start = end - 100 * step;
    const series = (kind: string, name: string, values: string, namespace = "shop") =>
      `kube_${kind}_metadata_generation{namespace="${namespace}", ${kind}="${name}"} ${values}`;
    const prometheus = await PrometheusWithHistory.start({
      start,
      end,
      step,
      series: [
        series("deployment", "web", "3x49 4x50"),
        series("deployment", "quiet", "7x100"),
        series("statefulset", "queue", "1x79 2x20"),
        series("deployment", "other", "1x10 2x89", "elsewhere"),
      ],
      rules: [],
    });
    try {
      const found = await rollouts(connectionTo(prometheus.url, undefined, "runbook"), "shop", end);
      const minute = (at: number) => new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ");
      expect(found).toEqual([
        `${minute(start + 80 * step)} statefulset shop/queue changed (generation 1 → 2)`,
        `${minute(start + 50 * step)} deployment shop/web changed (generation 3 → 4)`,
      ]);
    } finally {
      await prometheus.stop();
    }
  });

  it("reads the deployments of pulumi stack history --json", () => {
    const history = [
      {
        kind: "update",
        startTime: "2026-11-29T10:15:00.000Z",
        message: "raise the limit\n\nmore",
        result: "succeeded",
        resourceChanges: { same: 210, update: 2 },
        environment: { "git.head": "0123456789abcdef" },
      },
      { kind: "refresh", startTime: "2026-11-28T10:15:00.000Z", message: "", result: "succeeded" },
    ];
    expect(deploymentsIn(JSON.stringify(history))).toEqual([
      '2026-11-29 10:15 pulumi update succeeded 01234567 "raise the limit" update 2',
      "2026-11-28 10:15 pulumi refresh succeeded without changes",
    ]);
  });
});
