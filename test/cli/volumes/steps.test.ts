import { describe, expect, it } from "vitest";
import { planOf } from "../../../cli/volumes/plan.ts";
import type { VolumeGoal, VolumeState } from "../../../cli/volumes/state.ts";
import { nextStep, PATIENCE_WITH_FILE_SYSTEMS, type Step } from "../../../cli/volumes/steps.ts";
import { claim, FROM, GI, RETENTION, running, TO } from "./samples.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

const PROGRAMS: readonly (readonly [string, VolumeState, VolumeGoal])[] = [
  [
    "Prometheus",
    running(2, { retentionSize: RETENTION.before }),
    { size: TO, retentionSize: RETENTION.after },
  ],
  ["Alertmanager", running(3, {}), { size: TO }],
  ["Grafana", running(1), { size: TO }],
];

const kinds = (steps: readonly Step[]) => steps.map(({ kind }) => kind);

/** Does steps until none is left; `interrupt` is asked before and after each request whether the command ends there. */
function run(cluster: SimulatedCluster, goal: VolumeGoal, interrupt: () => boolean): "ended" | "interrupted" {
  for (let count = 0; count < 100; count++) {
    const step = nextStep(cluster.state, goal, 0);
    if (step === undefined) return "ended";
    if (interrupt()) return "interrupted";
    if (step.kind.startsWith("await-")) cluster.settle();
    else cluster.request(step);
    if (interrupt()) return "interrupted";
  }
  throw new Error(`no end: ${JSON.stringify(cluster.state)}`);
}

/** What the claims, the StatefulSet and the resource have. */
function sizes({ claims, statefulSet, resource, kept }: VolumeState) {
  return {
    claims: claims.map(({ capacity }) => capacity / GI),
    statefulSet: (statefulSet?.size ?? 0) / GI,
    resource: resource && { ...resource, size: resource.size / GI },
    kept,
  };
}

describe.each(PROGRAMS)("the volumes of %s", (_, state, goal) => {
  const grown = {
    claims: state.claims.map(() => 25),
    statefulSet: 25,
    resource: state.resource && {
      size: 25,
      paused: "no",
      ...(goal.retentionSize && { retentionSize: goal.retentionSize }),
    },
    kept: undefined,
  };

  it("get the size in every claim, in the StatefulSet, in the resource and in retentionSize", () => {
    const cluster = new SimulatedCluster(state);
    expect(run(cluster, goal, () => false)).toBe("ended");
    expect(sizes(cluster.state)).toEqual(grown);
    expect(cluster.faults).toEqual([]);
    expect(planOf(cluster.state, goal)).toEqual([]);
  });

  it("get it after an interruption at every moment, whether or not controllers go on meanwhile", () => {
    const moments = 2 * planOf(state, goal).length;
    for (let moment = 0; moment < moments; moment++)
      for (const pause of [false, true]) {
        const cluster = new SimulatedCluster(state);
        let passed = 0;
        expect(run(cluster, goal, () => passed++ === moment)).toBe("interrupted");
        if (pause) for (let times = 0; times < 3; times++) cluster.settle();
        expect(run(cluster, goal, () => false)).toBe("ended");
        expect(sizes(cluster.state), `interrupted at moment ${moment}`).toEqual(grown);
        expect(cluster.faults, `interrupted at moment ${moment}`).toEqual([]);
      }
  });

  it("get it after an interruption at every moment of every run: one request a run", () => {
    const cluster = new SimulatedCluster(state);
    for (let runs = 0; runs < 100; runs++) {
      let passed = 0;
      const ended = run(cluster, goal, () => passed++ === 1);
      if (ended === "ended") break;
      cluster.settle();
    }
    expect(sizes(cluster.state)).toEqual(grown);
    expect(cluster.faults).toEqual([]);
  });

  it("get another size if the file changes after an interruption at any moment", () => {
    const larger: VolumeGoal = { size: 40 * GI, ...(goal.retentionSize && { retentionSize: "32768MiB" }) };
    for (let moment = 0; moment < 2 * planOf(state, goal).length; moment++) {
      const cluster = new SimulatedCluster(state);
      let passed = 0;
      run(cluster, goal, () => passed++ === moment);
      expect(run(cluster, larger, () => false)).toBe("ended");
      expect(sizes(cluster.state).claims).toEqual(state.claims.map(() => 40));
      expect(sizes(cluster.state)).toMatchObject({ statefulSet: 40, kept: undefined });
      if (state.resource) expect(cluster.state.resource).toMatchObject({ size: 40 * GI, paused: "no" });
      expect(cluster.faults, `interrupted at moment ${moment}`).toEqual([]);
    }
  });

  it("are planned as they are done", () => {
    const cluster = new SimulatedCluster(state);
    const done: Step[] = [];
    for (let step = nextStep(state, goal, 0); step; step = nextStep(cluster.state, goal, 0)) {
      done.push(step);
      if (step.kind.startsWith("await-")) cluster.settle();
      else cluster.request(step);
    }
    // The simulator resizes all that is requested, which no await of the next claim needs to see.
    expect(kinds(planOf(state, goal))).toEqual(kinds(done));
  });
});

describe("the next step", () => {
  const goal = { size: TO, retentionSize: RETENTION.after };
  const prometheus = running(2, { retentionSize: RETENTION.before });

  it("grows one claim after the other, each until its file system has the size", () => {
    const cluster = new SimulatedCluster(prometheus);
    expect(nextStep(cluster.state, goal, 0)).toEqual({
      kind: "request-claim",
      claim: "db-server-0",
      from: FROM,
      to: TO,
    });
    cluster.request(nextStep(cluster.state, goal, 0) as Step);
    expect(nextStep(cluster.state, goal, 0)).toEqual({ kind: "await-claim", claim: "db-server-0", to: TO });
    cluster.settle();
    expect(nextStep(cluster.state, goal, 0)).toMatchObject({ kind: "request-claim", claim: "db-server-1" });
  });

  it("touches no StatefulSet while a pod is not ready", () => {
    const grown = running(2, { retentionSize: RETENTION.before }, TO);
    const old = { ...prometheus, claims: grown.claims };
    const { statefulSet } = old;
    if (statefulSet === undefined) throw new Error("the sample has a StatefulSet");
    const unready = { ...old, statefulSet: { ...statefulSet, settled: false } };
    expect(nextStep(unready, goal, 0)).toEqual({ kind: "await-members" });
    expect(nextStep(old, goal, 0)).toEqual({ kind: "pause", size: TO, retentionSize: RETENTION.after });
  });

  it("keeps a manifest again that a deployment has changed since", () => {
    const grafana = { ...running(1), claims: running(1, undefined, TO).claims };
    const kept = { uid: "old", generation: 0, size: TO };
    expect(nextStep({ ...grafana, kept }, { size: TO }, 0)).toEqual({ kind: "keep-manifest", size: TO });
  });

  it("sets a retentionSize that alone differs, without a pause", () => {
    const state = running(2, { retentionSize: "1MiB" }, TO);
    expect(planOf(state, goal)).toEqual([{ kind: "set-retention", retentionSize: RETENTION.after }]);
  });

  it("grows the claim of a pod that is scaled away, and does not wait for its file system", () => {
    const unused = claim("db-server", 2);
    const state = { ...running(2, { retentionSize: RETENTION.after }, TO), claims: [unused] };
    expect(nextStep(state, goal, 0)).toMatchObject({ kind: "request-claim", claim: "db-server-2" });
    const pending = { ...unused, requested: TO, fileSystemPendingSince: 1 };
    expect(nextStep({ ...state, claims: [pending] }, goal, 10 ** 9)).toBeUndefined();
  });

  it("asks for less where a driver cannot provide what was asked for", () => {
    const stuck = claim("db-server", 0, FROM, { requested: 40 * GI, infeasible: true });
    expect(nextStep({ ...prometheus, claims: [stuck] }, goal, 0)).toEqual({
      kind: "request-claim",
      claim: "db-server-0",
      from: 40 * GI,
      to: TO,
    });
  });

  describe("for a driver that grows a file system only when its pod starts", () => {
    const since = 1_000_000;
    const pending = claim("db-server", 0, FROM, { requested: TO, fileSystemPendingSince: since });
    const waiting = { ...prometheus, claims: [pending, claim("db-server", 1)] };
    const late = since + PATIENCE_WITH_FILE_SYSTEMS;

    it("waits three minutes for the kubelet, and then restarts the pod", () => {
      expect(nextStep(waiting, goal, late - 1)).toMatchObject({ kind: "await-claim" });
      expect(nextStep(waiting, goal, late)).toEqual({
        kind: "restart-pod",
        pod: "server-0",
        claim: "db-server-0",
      });
    });

    it("restarts none while another is not ready", () => {
      const members = [waiting.members[0], { name: "server-1", ready: false, started: 0 }];
      expect(nextStep({ ...waiting, members } as VolumeState, goal, late)).toEqual({ kind: "await-members" });
    });

    it("does not restart one again that has started since", () => {
      const members = [{ name: "server-0", ready: true, started: since + 1 }, waiting.members[1]];
      const step = nextStep({ ...waiting, members } as VolumeState, goal, late);
      expect(step).toMatchObject({ kind: "await-claim", claim: "db-server-0" });
    });
  });
});
