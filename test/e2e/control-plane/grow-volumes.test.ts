import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VOLUME_OWNERS } from "../../../components/workloads/volumes.ts";
import { bellwetherProcess, type Ended } from "../../support/control-plane/bellwether-process.ts";
import { applyAll, deploymentOf } from "../../support/control-plane/deployment.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import type { MonitoringServer } from "../../support/control-plane/monitoring-server.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { PodLives } from "../../support/control-plane/pod-lives.ts";
import { valuesOf } from "../../support/control-plane/query.ts";
import { simulateResizing } from "../../support/control-plane/resizing.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { stacksWith } from "../../support/control-plane/stacks-with-volumes.ts";
import { table } from "../../support/control-plane/table.ts";
import { PROGRAMS, type Program, podsOf, volumeSizes } from "../../support/control-plane/volume-sizes.ts";
import { until } from "../../support/servers.ts";

// `bellwether grow-volumes` on a real API server with the real operator, while Prometheus and Alertmanager run,
// each as long as its pod lives. The resize controller of a CSI driver is simulated: resizing.ts. Of the environments, staging has all
// three programs in its cluster.

const MEMBERS = { prometheus: 2, alertmanager: 3, grafana: 1 } as const;
/** What production and staging fill of 25Gi. */
const RETENTION_SIZE = 20_480;
const PATIENCE = 900_000;

let folder: string;
let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;
let lives: PodLives;
let stopResizing: (() => Promise<void>) | undefined;
const trials: (readonly string[])[] = [];

async function grow(volume: string, args: readonly string[], killAt?: number): Promise<Ended> {
  const command = ["grow-volumes", "staging", "--stacks", await stacksWith(volume, folder)];
  const options = ["--context", "bellwether", ...args];
  const interruption = killAt === undefined ? undefined : ({ at: killAt, by: "SIGKILL" } as const);
  return await bellwetherProcess([...command, ...options], platform.plane.kubeconfig, interruption);
}

async function previewWith(volume: string): Promise<string> {
  const out = join(folder, `out-${volume}`);
  const stacks = await stacksWith(volume, folder);
  // Not in this process and not in its stead: the pods are watched meanwhile.
  const command = ["preview", "staging", "--stacks", stacks, "--out", out];
  const { code, error } = await bellwetherProcess(command, "");
  expect(code, error).toBe(0);
  return join(out, "staging");
}

const sizesOf = (program: Program) => volumeSizes(platform.plane.api, program);
const allSizes = () => Promise.all(PROGRAMS.map(sizesOf));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-grow-volumes-"));
  sink = await startSink();
  platform = await startPlatform(await previewWith("15Gi"), (_, key) => `stand-in for ${key}`);
  const { api } = platform.plane;
  stopResizing = simulateResizing(api);
  monitoring = await startMonitoring(platform, { name: "real", sink, factor: 1, history: 0 });
  const servers = [...monitoring.prometheus, ...monitoring.alertmanagers];
  const sets = Object.values(VOLUME_OWNERS).map(({ statefulSet }) => statefulSet);
  lives = new PodLives(api, sets, servers);
  await until(async () => (await Promise.all(monitoring.prometheus.map(scrapesItself))).every(Boolean), 120);
  await until(async () => (await allSizes()).every(({ claims }) => claims.length > 0), 60);
  await lives.start();
}, PATIENCE);
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  console.log(
    table(["program", "runs", "killed at", "least ready", "pods", "samples of each server"], trials),
  );
  await lives?.stop();
  await stopResizing?.();
  await monitoring?.stop();
  await platform?.stop();
  await sink?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function scrapesItself(server: MonitoringServer): Promise<boolean> {
  return (await valuesOf(server, 'up{job="prometheus"} == 1')).length > 0;
}

/** The samples of each series of `up` of Prometheus' own, in each server, and how many a time without a gap has. */
async function samplesSince(started: number): Promise<{ readonly due: number; readonly found: number[] }> {
  const seconds = Math.ceil(Date.now() / 1000 - started);
  const values = await Promise.all(
    monitoring.prometheus.map((server) =>
      valuesOf(server, `count_over_time(up{job="prometheus"}[${seconds}s])`),
    ),
  );
  // Staging scrapes each 30 seconds; the range may begin just after a scrape.
  return { due: Math.floor(seconds / 30), found: values.flat().map(({ value }) => value) };
}

describe("bellwether grow-volumes", () => {
  it("has nothing to do after a deployment", async () => {
    const { code, out, error } = await grow("15Gi", ["--dry-run"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out.match(/nothing to do/g)).toHaveLength(PROGRAMS.length);
  });

  it("prints the steps for larger volumes and does none for --dry-run", async () => {
    const before = await allSizes();
    const { code, out } = await grow("25Gi", ["--dry-run"]);
    expect(code).toBe(1);
    const claim = "prometheus-prometheus-db-prometheus-prometheus-0";
    expect(out).toContain(`change the request of the claim ${claim} from 15Gi to 25Gi`);
    expect(out).toContain(`set 25Gi and retentionSize ${RETENTION_SIZE}MiB`);
    expect(await allSizes()).toEqual(before);
  });

  it("does nothing without a terminal and without --yes", async () => {
    const { code, error } = await grow("25Gi", []);
    expect(code).toBe(2);
    expect(error).toContain("  --yes\n");
    expect((await sizesOf("grafana")).claims).toEqual(["15Gi"]);
  });

  it.each(PROGRAMS)(
    "grows the volumes of %s from 15Gi to 25Gi, killed at step after step, while every pod runs",
    async (program) => {
      const { api } = platform.plane;
      const { statefulSet } = VOLUME_OWNERS[program];
      const pods = await podsOf(api, program);
      const started = Date.now() / 1000;
      lives.of(statefulSet);
      const killed: string[] = [];
      for (let runs = 1; ; runs++) {
        // Killed when it says what its first or second step is: what was said before is done by then, and that step may be.
        const { code, out, error } = await grow("25Gi", ["--component", program, "--yes"], 1 + (runs % 2));
        const { retentionSize = "0", claims } = await sizesOf(program);
        const smallest = Math.min(...claims.map((claim) => Number.parseInt(claim, 10)));
        expect(Number.parseInt(retentionSize, 10)).toBeLessThanOrEqual(0.8 * smallest * 1024);
        if (code === 0) break;
        expect({ code, runs: runs < 40 }, `${out}${error}`).toEqual({ code: null, runs: true });
        killed.push(
          error
            .trim()
            .split("\n")
            .at(-1)
            ?.replace(/^.*?: /, "") ?? "",
        );
      }
      const { leastReady, seen } = lives.of(statefulSet);
      const samples = program === "prometheus" ? await samplesSince(started) : undefined;
      const counts = samples && `${samples.found.join(", ")} of ${samples.due}`;
      trials.push([
        program,
        String(killed.length + 1),
        String(new Set(killed).size),
        `${leastReady} of ${MEMBERS[program]}`,
        String(seen.size),
        counts ?? "–",
      ]);

      expect(new Set(killed).size).toBeGreaterThan(3);
      expect(await sizesOf(program)).toEqual({
        claims: pods.map(() => "25Gi"),
        statefulSet: "25Gi",
        resource: program === "grafana" ? undefined : "25Gi",
        paused: undefined,
        retentionSize: program === "prometheus" ? `${RETENTION_SIZE}MiB` : undefined,
      });
      // No pod was away for a moment, and none was replaced.
      expect(leastReady).toBe(MEMBERS[program]);
      expect([...seen.keys()].sort()).toEqual([...pods].sort());
      expect(await podsOf(api, program)).toEqual(pods);
      for (const found of samples?.found ?? []) expect(found).toBeGreaterThanOrEqual((samples?.due ?? 0) - 1);
      expect((await grow("25Gi", ["--component", program, "--dry-run"])).code).toBe(0);
    },
    PATIENCE,
  );

  it("lets Prometheus fill 80% of the larger disks, without a restart", async () => {
    expect(await monitoring.refresh()).toBe(true);
    for (const { url } of monitoring.prometheus) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const [, limit] = /^prometheus_tsdb_retention_limit_bytes (\S+)$/m.exec(metrics) ?? [];
      expect(Number(limit)).toBe(RETENTION_SIZE * 2 ** 20);
    }
  });

  it("leaves what the next deployment has no conflict with and changes nothing of", async () => {
    const before = await allSizes();
    const steps = await deploymentOf(await previewWith("25Gi"), (_, key) => `stand-in for ${key}`);
    const withVolumes = /^(Prometheus|Alertmanager|StatefulSet)$/;
    const owners = steps.filter(({ objects }) => objects.some(({ kind }) => withVolumes.test(kind)));
    const applied = await applyAll(platform.plane.api, owners);
    expect(applied.map(({ refused }) => refused)).toEqual(PROGRAMS.map(() => undefined));
    expect(await allSizes()).toEqual(before);
    const maps = await platform.plane.api.list({
      apiVersion: "v1",
      kind: "ConfigMap",
      namespace: MONITORING,
    });
    expect(maps.filter(({ metadata }) => metadata.name.includes("grow-volumes"))).toEqual([]);
  });

  it("refuses smaller volumes and changes nothing", async () => {
    const before = await allSizes();
    const { code, error } = await grow("20Gi", ["--yes"]);
    expect(code).toBe(2);
    expect(error).toMatch(/^volumes of staging: 6 problems\n/);
    const found = "20Gi, while the claim data-grafana-0 has 25Gi";
    expect(error).toContain(`  environment.grafana.volume\n    found    ${found}\n`);
    expect(await allSizes()).toEqual(before);
  });

  it("refuses a storage class that does not allow expansion, as the API server does", async () => {
    const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: "gp3-encrypted" };
    await platform.plane.api.merge(storageClass, { allowVolumeExpansion: false });
    const { code, error } = await grow("30Gi", ["--yes"]);
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      name: "data-grafana-0",
      namespace: MONITORING,
    };
    const request = { spec: { resources: { requests: { storage: "30Gi" } } } };
    await expect(platform.plane.api.merge(claim, request)).rejects.toThrow(/resize/);
    await platform.plane.api.merge(storageClass, { allowVolumeExpansion: true });
    expect(code).toBe(2);
    expect(error).toContain("  storage class gp3-encrypted\n    found    no allowVolumeExpansion: true\n");
  });

  it("refuses the cluster of another environment", async () => {
    const command = ["grow-volumes", "prod", "--context", "bellwether", "--yes"];
    const { code, error } = await bellwetherProcess(command, platform.plane.kubeconfig);
    expect(code).toBe(2);
    expect(error).toContain("found    the environment staging in the cluster staging");
  });
});

describe("without the command", () => {
  it("the operator deletes all pods at once for another size in the resource, which the measurements notice", async () => {
    const { statefulSet } = VOLUME_OWNERS.prometheus;
    lives.of(statefulSet);
    const resource = { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", name: "prometheus" };
    const requests = { storage: "30Gi" };
    const volumeClaimTemplate = { spec: { resources: { requests } } };
    await platform.plane.api.merge(
      { ...resource, namespace: MONITORING },
      { spec: { storage: { volumeClaimTemplate } } },
    );
    await until(async () => (await sizesOf("prometheus")).statefulSet === "30Gi", 90);
    expect(lives.of(statefulSet).leastReady).toBe(0);
    expect((await sizesOf("prometheus")).claims).toEqual(["25Gi", "25Gi"]);
  });
});
