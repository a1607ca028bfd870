import { describe, expect, it } from "vitest";
import type { Parting } from "../../../cli/cluster/requests.ts";
import { NotRestarted, restartRollout } from "../../../cli/rollout/restart.ts";
import type { Begun, Member, Named, Workload } from "../../../cli/rollout/state.ts";
import type { Step } from "../../../cli/rollout/steps.ts";
import { planInWords } from "../../../cli/rollout/words.ts";
import { NOW, OPERATED, OWN_SET, podObject, SET, setWith, statefulSet, threePods } from "./samples.ts";

/**
 * Simulates a StatefulSet whose controller replaces one pod after the other, highest ordinal first, and waits for every pod that is not
 * ready. It counts what must never be: more pods away than one.
 */
class SimulatedSet {
  begun: Begun | undefined;
  fewestReady = 3;
  requests = 0;
  members: Member[];
  readonly #operated: boolean;
  #replacing: string[] = [];
  #made = 0;

  constructor(ready: readonly boolean[], operated: boolean) {
    this.members = [...setWith(statefulSet(), threePods([...ready])).members];
    this.#operated = operated;
  }

  read = async (): Promise<Workload> => {
    this.#advance();
    const { members } = this;
    const ready = members.filter((member) => member.ready).length;
    return {
      ...setWith(statefulSet(this.#operated ? OPERATED : {})),
      members,
      available: ready,
      updated: members.filter(({ newest }) => newest).length,
      ...(this.begun && { begun: this.begun }),
    };
  };

  perform = async (_: Named, step: Step, now: number): Promise<Parting> => {
    if (step.kind !== "await") this.requests++;
    if (step.kind === "change-template") {
      this.begun = { at: now };
      this.members = this.members.map((member) => ({ ...member, newest: false }));
    }
    if (step.kind === "begin") this.begun = { at: now, pods: step.pods };
    if (step.kind === "end") this.begun = undefined;
    if (step.kind === "delete" || step.kind === "evict") {
      if (step.kind === "evict" && this.members.some(({ ready }) => !ready))
        return { kind: "held", reason: "the budget allows none" };
      this.#replacing.push(step.pod.uid);
      this.#put(step.pod.uid, { ready: false, deleting: true });
    }
    return { kind: "going" };
  };

  /** What happens between two reads: a pod that was ended is made anew, or the controller ends the next one. */
  #advance(): void {
    const [ended] = this.#replacing.splice(0, 1);
    if (ended !== undefined) {
      this.#made += 1;
      this.#put(ended, { uid: `made ${this.#made}`, ready: true, deleting: false, newest: true });
    } else if (!this.#operated && this.begun !== undefined && this.members.every(({ ready }) => ready)) {
      const old = this.members.toReversed().find(({ newest }) => !newest);
      if (old === undefined) return;
      this.#replacing.push(old.uid);
      this.#put(old.uid, { ready: false, deleting: true });
    }
  }

  #put(uid: string, change: Partial<Member>): void {
    this.members = this.members.map((member) => (member.uid === uid ? { ...member, ...change } : member));
    this.fewestReady = Math.min(this.fewestReady, this.members.filter(({ ready }) => ready).length);
  }
}

const BEFORE = threePods().map(({ metadata }) => metadata.uid);
const QUICK = { patience: 60_000, interval: 0, clock: () => NOW };

describe.each([
  ["by its controller", false],
  ["by evictions", true],
])("a restart %s", (_, operated) => {
  it.each([
    ["of pods that are all ready", [true, true, true]],
    ["with a pod that is not", [true, false, true]],
  ])("%s replaces each pod once, with one away at most", async (__, ready) => {
    const cluster = new SimulatedSet(ready, operated);
    const said: string[] = [];
    await restartRollout(cluster, SET, { ...QUICK, onProgress: (text) => said.push(text) });
    expect(cluster.members.filter(({ uid }) => BEFORE.includes(uid))).toEqual([]);
    expect(cluster.members.every((member) => member.ready)).toBe(true);
    expect(cluster.members.map(({ uid }) => uid).sort()).toEqual(["made 1", "made 2", "made 3"]);
    expect(cluster.fewestReady).toBe(2);
    if (ready.includes(false)) expect(said.join("\n")).toContain("delete web-1, which is not ready");
  });

  it("goes on after an interruption at every request, and replaces no pod twice", async () => {
    for (let last = 1; last <= 6; last++) {
      const cluster = new SimulatedSet([true, true, true], operated);
      const interrupted = {
        read: cluster.read,
        perform: async (named: Named, step: Step, now: number) => {
          const parting = await cluster.perform(named, step, now);
          if (step.kind !== "await" && cluster.requests === last) throw new Error("killed");
          return parting;
        },
      };
      const options = { ...QUICK, onProgress: () => {} };
      await restartRollout(interrupted, SET, options).catch((error: Error) => {
        expect(error.message).toBe("killed");
      });
      // What was over is begun anew; that is no continuation.
      if (cluster.members.every(({ uid }) => !BEFORE.includes(uid)) && cluster.begun?.pods === undefined)
        return;
      await restartRollout(cluster, SET, options);
      expect(cluster.members.map(({ uid }) => uid).sort(), `killed at request ${last}`).toEqual([
        "made 1",
        "made 2",
        "made 3",
      ]);
      expect(cluster.fewestReady).toBe(2);
    }
  });

  it("is begun anew where the last one was begun longer than a quarter of an hour ago", async () => {
    const cluster = new SimulatedSet([true, true, true], operated);
    cluster.begun = { at: NOW - 16 * 60_000, ...(operated && { pods: ["gone"] }) };
    await restartRollout(cluster, SET, { ...QUICK, onProgress: () => {} });
    expect(cluster.members.filter(({ uid }) => BEFORE.includes(uid))).toEqual([]);
  });
});

describe("a restart that does not get on", () => {
  it("ends in time, with each pod that is stuck and why", async () => {
    let now = NOW;
    const clock = () => {
      now += 30_000;
      return now;
    };
    const waiting = { reason: "ImagePullBackOff", message: "Back-off pulling image" };
    const pods = [
      ...threePods().slice(0, 2),
      podObject("web-2", {
        owner: OWN_SET,
        ready: false,
        waiting,
        labels: { "controller-revision-hash": "new" },
      }),
    ];
    const stuck = { ...setWith(statefulSet(), pods), available: 2 };
    const cluster = { read: async () => stuck, perform: async (): Promise<Parting> => ({ kind: "going" }) };
    const failure = await restartRollout(cluster, SET, {
      ...QUICK,
      patience: 120_000,
      clock,
      onProgress: () => {},
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotRestarted);
    expect((failure as Error).message).toBe(
      "not every pod is replaced after 2 min:\n" +
        "  web-2 on n1, of the newest template: ImagePullBackOff: Back-off pulling image",
    );
    const text = planInWords(stuck, { where: "prod", now: NOW, patience: 120_000, warnings: [] });
    expect(text).toContain(
      "ImagePullBackOff: pods of the same template have it again. First correct the image, or its registry, or roll back.",
    );
    expect(text).toContain("budget web: 1 of 3 may be away, 3 are healthy");
  });
});
