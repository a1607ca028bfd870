import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { bellwetherProcess, type Ended } from "../../support/control-plane/bellwether-process.ts";
import {
  cordon,
  isReady,
  type RunningPod,
  untilBudgetsAreFree,
} from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { PodLives } from "../../support/control-plane/pod-lives.ts";
import { budgetWith, queueWith } from "../../support/control-plane/queue.ts";
import { simulateSnapshots } from "../../support/control-plane/snapshotting.ts";
import { until } from "../../support/servers.ts";

// `bellwether restart-rollout` and `bellwether drain` on a real API server with the real controllers, scheduler and operator. KWOK plays
// the kubelets; external-snapshotter is simulated.

const PROMETHEUS = "prometheus-prometheus";
const ALERTMANAGER = "alertmanager-main";
const PATIENCE = 600_000;

let platform: Platform;
let lives: PodLives;
let stopSnapshots: (() => Promise<void>) | undefined;

beforeAll(async () => {
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  const { api } = platform.plane;
  for (const object of [queueWith({}), budgetWith(1)]) await api.apply(object, "shop");
  lives = new PodLives(api, [PROMETHEUS, ALERTMANAGER], []);
  await lives.start();
  await until(async () => (await podsOf("shop", "queue-")).filter(isReady).length === 3, 120);
}, PATIENCE);
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await stopSnapshots?.();
  await lives?.stop();
  await platform?.stop();
});

async function podsOf(namespace: string, prefix: string): Promise<readonly RunningPod[]> {
  const pods = await platform.plane.api.list<RunningPod>({ apiVersion: "v1", kind: "Pod", namespace });
  return pods.filter(({ metadata }) => metadata.name.startsWith(prefix));
}

const uidsOf = async (namespace: string, prefix: string) =>
  (await podsOf(namespace, prefix)).map(({ metadata }) => String(metadata["uid"])).sort();

function action(
  args: readonly string[],
  interruption?: Parameters<typeof bellwetherProcess>[2],
): Promise<Ended> {
  const command = [args[0] ?? "", "prod", ...args.slice(1), "--context", "bellwether"];
  return bellwetherProcess(command, platform.plane.kubeconfig, interruption);
}

const restart = (workload: string, ...more: readonly string[]) =>
  action(["restart-rollout", workload, ...more]);

/** What a StatefulSet of the platform notes while its pods are restarted. */
async function noteOf(name: string): Promise<string | undefined> {
  const set = await platform.plane.api.get({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name,
    namespace: MONITORING,
  });
  return set?.metadata.annotations?.["bellwether.dev/restarting"];
}

async function unschedulable(node: string): Promise<boolean> {
  const object = await platform.plane.api.get({ apiVersion: "v1", kind: "Node", name: node });
  const spec = object?.["spec"] as { readonly unschedulable?: boolean } | undefined;
  return spec?.unschedulable === true;
}

describe("bellwether restart-rollout", () => {
  it("replaces the pods of a Deployment, and only prints the steps for --dry-run", async () => {
    const before = await uidsOf("shop", "storefront-");
    const printed = await restart("shop/deployment/storefront", "--dry-run");
    expect(printed.code, printed.error).toBe(1);
    expect(printed.out).toContain(
      "Deployment shop/storefront: 3 pods, 3 of the newest template, 3 available",
    );
    expect(printed.out).toContain("nothing is stuck");
    expect(await uidsOf("shop", "storefront-")).toEqual(before);
    const { code, out, error } = await restart("shop/deployment/storefront", "--yes");
    expect(code, `${out}${error}`).toBe(0);
    await until(async () => (await podsOf("shop", "storefront-")).length === 3, 30);
    const after = await uidsOf("shop", "storefront-");
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
  });

  it("does nothing without a terminal and without --yes, and refuses what is not there", async () => {
    const before = await uidsOf("shop", "storefront-");
    const silent = await restart("shop/deployment/storefront");
    expect(silent.code).toBe(2);
    expect(silent.error).toContain("  --yes\n");
    expect(await uidsOf("shop", "storefront-")).toEqual(before);
    const missing = await restart("shop/deployment/other", "--yes");
    expect(missing.code).toBe(2);
    expect(missing.error).toContain("  Deployment shop/other\n    found    nothing\n");
  });

  it("ends a rollout whose controller waits for a pod that cannot start, with the reason, once the template is right", async () => {
    const { api } = platform.plane;
    await api.apply(queueWith({ nodeSelector: { "bellwether.test/none": "here" } }), "shop");
    await until(async () => (await podsOf("shop", "queue-")).some((pod) => !isReady(pod)), 60);
    await api.apply(queueWith({}), "shop");
    // The controller waits for the broken pod, whatever the template says by now.
    await sleep(5_000);
    expect((await podsOf("shop", "queue-")).filter((pod) => !isReady(pod))).toHaveLength(1);
    const printed = await restart("shop/statefulset/queue", "--dry-run");
    expect(printed.out).toMatch(
      /queue-2 on no node, of the previous template: Unschedulable: 0\/6 nodes are available/,
    );
    expect(printed.out).toContain("budget queue: 1 of 3 may be away, 2 are healthy");
    const { code, out, error } = await restart("shop/statefulset/queue", "--yes");
    expect(code, `${out}${error}`).toBe(0);
    expect(error).toContain("delete queue-2, which is not ready");
    expect((await podsOf("shop", "queue-")).filter(isReady)).toHaveLength(3);
  });

  it("refuses a rollout that takes away more than a budget lets be away", async () => {
    const { api } = platform.plane;
    await api.apply(budgetWith(0), "shop");
    await until(async () => {
      const budget = await api.get({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        name: "queue",
        namespace: "shop",
      });
      const status = budget?.["status"] as { readonly desiredHealthy?: number } | undefined;
      return status?.desiredHealthy === 3;
    }, 30);
    const before = await uidsOf("shop", "queue-");
    const { code, error } = await restart("shop/statefulset/queue", "--yes");
    expect(code).toBe(2);
    expect(error).toContain(
      "  PodDisruptionBudget shop/queue\n    found    a rollout that takes away up to 1 of 3 pods, where the budget lets 0 be away\n",
    );
    expect(await uidsOf("shop", "queue-")).toEqual(before);
    await api.apply(budgetWith(1), "shop");
  });

  it.each([
    [PROMETHEUS, 2],
    [ALERTMANAGER, 3],
  ])(
    "evicts the pods of %s one after the other, each once, killed after each of its steps",
    async (name, members) => {
      const before = await uidsOf(MONITORING, `${name}-`);
      expect(before).toHaveLength(members);
      lives.of(name);
      const said: string[] = [];
      for (let runs = 1; ; runs++) {
        const { code, out, error } = await action(
          ["restart-rollout", `${MONITORING}/statefulset/${name}`, "--yes"],
          { at: 2, by: "SIGKILL" },
        );
        said.push(out);
        if (code === 0) break;
        expect({ code, runs: runs < 20 }, `${out}${error}`).toEqual({ code: null, runs: true });
        // The note is gone once the last run is over.
        if ((await noteOf(name)) === undefined) break;
      }
      await until(async () => (await podsOf(MONITORING, `${name}-`)).filter(isReady).length === members, 60);
      const { leastReady, seen } = lives.of(name);
      const after = await uidsOf(MONITORING, `${name}-`);
      expect(after.filter((uid) => before.includes(uid))).toEqual([]);
      expect([...seen.keys()].sort()).toEqual([...before, ...after].sort());
      expect(leastReady).toBe(members - 1);
      expect(said.some((out) => out.includes("continue the restart of"))).toBe(true);
      expect(said[0]).toMatch(/its template belongs to (Prometheus prometheus|Alertmanager main)/);
    },
    PATIENCE,
  );
});

describe("bellwether drain", () => {
  /** The node of a pod, and what else is in its zone. */
  async function nodeOf(pod: string) {
    const [found] = await podsOf(MONITORING, pod);
    const node = NODES.find(({ name }) => name === found?.spec.nodeName);
    if (node === undefined) throw new Error(`${pod} is on no node`);
    const other = NODES.find(({ name, zone }) => zone === node.zone && name !== node.name);
    return { node: node.name, other: other?.name ?? "" };
  }

  it("refuses where a budget forbids it, and changes nothing", async () => {
    await untilBudgetsAreFree(platform.plane.api);
    const { node } = await nodeOf(`${ALERTMANAGER}-0`);
    const { other } = await nodeOf(`${ALERTMANAGER}-1`);
    const { api } = platform.plane;
    // Alertmanager's second pod has nowhere to go, and is away.
    const away = (await podsOf(MONITORING, `${ALERTMANAGER}-1`))[0]?.spec.nodeName ?? "";
    await cordon(api, away, true);
    await cordon(api, other, true);
    await api.remove({ apiVersion: "v1", kind: "Pod", name: `${ALERTMANAGER}-1`, namespace: MONITORING });
    await until(async () => (await podsOf(MONITORING, ALERTMANAGER)).filter(isReady).length === 2, 60);
    const { code, error } = await action(["drain", node, "--yes"]);
    for (const name of [away, other]) await cordon(api, name, false);
    expect(code, error).toBe(2);
    expect(error).toMatch(
      /PodDisruptionBudget monitoring\/alertmanager\S*\n {4}found {4}\d of 3 pods healthy, where 2 must be: it lets alertmanager-main-0 not go\n/,
    );
    expect(await unschedulable(node)).toBe(false);
    await until(async () => (await podsOf(MONITORING, ALERTMANAGER)).filter(isReady).length === 3, 60);
  });

  it("refuses where the volume of a pod is in a zone without another node", async () => {
    await untilBudgetsAreFree(platform.plane.api);
    const { node, other } = await nodeOf(`${PROMETHEUS}-0`);
    await cordon(platform.plane.api, other, true);
    const { code, error } = await action(["drain", node, "--yes"]);
    await cordon(platform.plane.api, other, false);
    expect(code).toBe(2);
    expect(error).toMatch(
      /pod monitoring\/prometheus-prometheus-0\n {4}found {4}the claim prometheus-\S+, whose volume can only be where topology/,
    );
    expect(await unschedulable(node)).toBe(false);
  });

  it("lets pods start on the node again when it is interrupted", async () => {
    await untilBudgetsAreFree(platform.plane.api);
    const { node } = await nodeOf(`${PROMETHEUS}-0`);
    const { code, error } = await action(["drain", node, "--yes"], { at: 2, by: "SIGINT" });
    expect(code, error).toBe(1);
    expect(error).toContain("interrupted. Still there: ");
    expect(error).toContain(`${node} takes pods again.`);
    expect(await unschedulable(node)).toBe(false);
    await until(async () => (await podsOf(MONITORING, "")).every(isReady), 60);
  });

  it(
    "moves every pod, within the budgets, and continues after it was killed, with snapshots first",
    async () => {
      const { api } = platform.plane;
      await untilBudgetsAreFree(platform.plane.api);
      const { node } = await nodeOf(`${PROMETHEUS}-1`);
      const without = await action(["drain", node, "--snapshot", "--yes"]);
      expect(without.code).toBe(2);
      expect(without.error).toContain(
        "a volume of ebs.csi.aws.com, and no VolumeSnapshotClass with this driver",
      );
      stopSnapshots = await simulateSnapshots(api);
      for (const name of [PROMETHEUS, ALERTMANAGER]) lives.of(name);
      const runs: Ended[] = [];
      for (;;) {
        const ended = await action(["drain", node, "--snapshot", "--yes"], {
          at: 6 + runs.length,
          by: "SIGKILL",
        });
        runs.push(ended);
        if (ended.code !== null) break;
        expect(runs.length, ended.error).toBeLessThan(20);
      }
      expect(runs.at(-1)?.code, runs.at(-1)?.error).toBe(0);
      expect(runs.length).toBeGreaterThan(1);
      expect(runs.some(({ out }) => out.includes("cordoned by this command before"))).toBe(true);
      expect(await unschedulable(node)).toBe(true);
      const left = (await api.list<RunningPod>({ apiVersion: "v1", kind: "Pod" })).filter(
        ({ spec }) => spec.nodeName === node,
      );
      const owners = left.flatMap(
        ({ metadata }) => metadata["ownerReferences"] as readonly { readonly kind: string }[],
      );
      expect([...new Set(owners.map(({ kind }) => kind))]).toEqual(["DaemonSet"]);
      await until(async () => (await podsOf(MONITORING, "")).every(isReady), 60);
      for (const [name, members] of [
        [PROMETHEUS, 2],
        [ALERTMANAGER, 3],
      ] as const)
        expect(lives.of(name).leastReady, name).toBeGreaterThanOrEqual(members - 1);
      const snapshots = await api.list({
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        namespace: MONITORING,
      });
      // One of each volume, however often it was run.
      const claims = snapshots.map(
        ({ spec }) => (spec as { readonly source: { readonly persistentVolumeClaimName: string } }).source,
      );
      expect(claims.length).toBeGreaterThan(0);
      expect(new Set(claims.map((source) => source.persistentVolumeClaimName)).size).toBe(claims.length);
      await cordon(api, node, false);
    },
    PATIENCE,
  );
});
