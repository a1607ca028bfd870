import { describe, expect, it } from "vitest";
import { type Pod, podOf } from "../../../cli/cluster/pod.ts";
import type { Parting } from "../../../cli/cluster/requests.ts";
import { drain, giveUp, NotDrained } from "../../../cli/drain/drain.ts";
import { drainProblems } from "../../../cli/drain/problems.ts";
import type { ClusterNode, DrainState, Server } from "../../../cli/drain/state.ts";
import { planInWords } from "../../../cli/drain/words.ts";
import { budget, podObject } from "../rollout/samples.ts";

const NODE: ClusterNode = { name: "n1", labels: {}, ready: true, cordoned: "no" };
const OWNER = { kind: "ReplicaSet", uid: "rs" };

const pod = (name: string, changes: Partial<Pod> = {}): Pod => ({
  ...podOf(podObject(name, { owner: OWNER })),
  ...changes,
});

function stateWith(leaving: readonly Pod[], changes: Partial<DrainState> = {}): DrainState {
  return {
    node: NODE,
    leaving,
    staying: [],
    budgets: [budget(1)],
    others: [{ ...NODE, name: "n2" }],
    bound: new Map(),
    servers: [],
    ...changes,
  };
}

/** Alertmanager's three pods, of which the first is on the node. */
function alertmanager(ready: readonly boolean[]): Server {
  const members = ready.map((each, index) =>
    pod(`alertmanager-main-${index}`, {
      namespace: "monitoring",
      ready: each,
      controller: { kind: "StatefulSet", name: "alertmanager-main", uid: "am" },
    }),
  );
  const needed = Math.ceil(ready.length / 2);
  const replicas = ready.length;
  return {
    title: "Alertmanager",
    namespace: "monitoring",
    statefulSet: "alertmanager-main",
    needed,
    replicas,
    members,
  };
}

const problems = (state: DrainState) =>
  drainProblems(state).map(({ path, found, fix }) => [path, found, fix] as const);

describe("a drain is refused", () => {
  it("not where every budget lets a pod go", () => {
    expect(problems(stateWith([pod("web-0"), pod("web-1")]))).toEqual([]);
  });

  it("where a budget lets none go now, and otherwise where it never does", () => {
    expect(problems(stateWith([pod("web-0")], { budgets: [budget(0, { healthy: 2 })] }))).toEqual([
      [
        "PodDisruptionBudget shop/web",
        "2 of 3 pods healthy, where 2 must be: it lets web-0 not go",
        "wait until its pods are ready, or find out why they are not: kubectl -n <namespace> get pods",
      ],
    ]);
    const [[, , fix] = []] = problems(stateWith([pod("web-0")], { budgets: [budget(0, { desired: 3 })] }));
    expect(fix).toBe("add a replica, or change the budget: it never lets a pod go");
  });

  it("not by a budget that the drain itself has used up, when it continues, unless it never lets a pod go", () => {
    const node = { ...NODE, cordoned: "by this command" } as const;
    const used = [budget(0, { healthy: 2 })];
    expect(problems(stateWith([pod("web-0")], { budgets: used, node }))).toEqual([]);
    const never = [budget(0, { desired: 3 })];
    expect(problems(stateWith([pod("web-0")], { budgets: never, node }))).toHaveLength(1);
  });

  it("not for a pod that is not ready while the others are enough, as the API server decides it", () => {
    const unready = [pod("web-0", { ready: false })];
    expect(problems(stateWith(unready, { budgets: [budget(0, { healthy: 2 })] }))).toEqual([]);
    expect(problems(stateWith(unready, { budgets: [budget(0, { healthy: 1 })] }))).toHaveLength(1);
    const always = [budget(0, { healthy: 1, letsUnhealthyGo: true })];
    expect(problems(stateWith(unready, { budgets: always }))).toEqual([]);
  });

  it("where a pod has two budgets, or none makes it again", () => {
    const found = problems(
      stateWith([pod("web-0"), pod("lone", { controller: undefined, labels: {} } as never)], {
        budgets: [budget(1), budget(1, { name: "second" })],
      }),
    );
    expect(found.map(([path, what]) => [path, what])).toEqual([
      ["pod shop/lone", "no controller: once it is evicted, it does not start again anywhere"],
      ["pod shop/web-0", "2 budgets: web, second"],
    ]);
  });

  it("where the volume of a pod is in a zone without another node", () => {
    const bound = new Map([["shop/web-0", "data-0, whose volume can only be where zone In a"]]);
    expect(problems(stateWith([pod("web-0")], { bound }))).toEqual([
      [
        "pod shop/web-0",
        "the claim data-0, whose volume can only be where zone In a",
        "add a node to that zone first, or uncordon one: the pod would stay Pending",
      ],
    ]);
  });

  it("where too few of Alertmanager would be left, also without a budget", () => {
    const drained = (ready: readonly boolean[]) => {
      const server = alertmanager(ready);
      return problems(stateWith(server.members.slice(0, 1), { servers: [server], budgets: [] }));
    };
    expect(drained([true, true, true])).toEqual([]);
    expect(drained([true, true, false]).map(([, found]) => found)).toEqual([
      "1 other ready pods of Alertmanager, of 3",
    ]);
    // One that is not ready is no loss, and one that is alone is said in the plan.
    expect(drained([false, true, false])).toEqual([]);
    expect(drained([true])).toEqual([]);
    const lone = alertmanager([true]);
    const plan = planInWords(stateWith(lone.members, { servers: [lone] }), "local", 60_000);
    expect(plan).toContain("Alertmanager has one pod: it does not alert while its pod moves");
  });
});

/** Simulates a node: what is evicted is gone two reads later, and the budget lets one pod be away. */
class SimulatedNode {
  cordoned: ClusterNode["cordoned"] = "no";
  pods: Pod[];
  readonly evicted: string[] = [];
  /** Whether what is evicted ends. */
  ends = true;
  #reads = 0;

  constructor(pods: readonly Pod[]) {
    this.pods = [...pods];
  }

  read = async (): Promise<DrainState> => {
    this.#reads += 1;
    if (this.ends && this.#reads % 2 === 0) this.pods = this.pods.filter(({ deleting }) => !deleting);
    return stateWith(this.pods, { node: { ...NODE, cordoned: this.cordoned } });
  };

  cordon = async (_: string, unschedulable: boolean): Promise<void> => {
    this.cordoned = unschedulable ? "by this command" : "no";
  };

  evict = async ({ name }: Pod): Promise<Parting> => {
    if (this.cordoned === "no") throw new Error("it would come back");
    if (this.pods.some(({ deleting }) => deleting)) return { kind: "held", reason: "the budget allows none" };
    this.evicted.push(name);
    this.pods = this.pods.map((each) =>
      each.name === name ? { ...each, deleting: true, ready: false } : each,
    );
    return { kind: "going" };
  };
}

const quick = (signal = new AbortController().signal) => ({
  patience: 2_000,
  interval: 0,
  signal,
  onProgress: () => {},
});

describe("a drain", () => {
  it("cordons the node, and evicts one pod after the other", async () => {
    const cluster = new SimulatedNode([pod("web-0"), pod("web-1"), pod("web-2")]);
    await drain(cluster, "n1", quick());
    expect(cluster.pods).toEqual([]);
    expect(cluster.evicted).toEqual(["web-0", "web-1", "web-2"]);
    expect(cluster.cordoned).toBe("by this command");
  });

  it("continues where one was killed, and evicts no pod twice", async () => {
    const cluster = new SimulatedNode([pod("web-0"), pod("web-1")]);
    const killed = {
      ...{ read: cluster.read, cordon: cluster.cordon },
      evict: async (each: Pod) => {
        await cluster.evict(each);
        throw new Error("killed");
      },
    };
    await expect(drain(killed, "n1", quick())).rejects.toThrow("killed");
    expect(cluster.cordoned).toBe("by this command");
    await drain(cluster, "n1", quick());
    expect(cluster.evicted).toEqual(["web-0", "web-1"]);
  });

  it("that is interrupted names the pods that are left, and lets pods start on the node again", async () => {
    const cluster = new SimulatedNode([pod("web-0"), pod("web-1")]);
    cluster.ends = false;
    const controller = new AbortController();
    const drained = drain(cluster, "n1", quick(controller.signal)).catch((error: unknown) => error);
    setTimeout(() => controller.abort(), 20);
    const failure = await drained;
    expect(failure).toBeInstanceOf(NotDrained);
    expect((failure as Error).message).toBe(
      "interrupted. Still there: shop/web-0, shop/web-1. shop/web-0 ends",
    );
    expect(await giveUp(cluster, "n1")).toBe("n1 takes pods again.");
    expect(cluster.cordoned).toBe("no");
  });

  it("that takes too long ends, and leaves a node cordoned that others have cordoned", async () => {
    const cluster = new SimulatedNode([pod("web-0")]);
    cluster.ends = false;
    cluster.cordoned = "by others";
    const failure = await drain(cluster, "n1", { ...quick(), patience: 30 }).catch((error: Error) => error);
    expect(failure?.message).toMatch(/^it takes too long\. Still there: shop\/web-0/);
    expect(await giveUp(cluster, "n1")).toBe("n1 stays cordoned, as it was before.");
    expect(cluster.cordoned).toBe("by others");
  });
});
