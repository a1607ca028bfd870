import type { Claim, VolumeState } from "../../../cli/volumes/state.ts";
import type { Step } from "../../../cli/volumes/steps.ts";

/**
 * Simulates what a cluster makes of each request: a driver that resizes, an operator that is paused or not, a StatefulSet controller. It
 * is independent of what the plan expects, and keeps a list of everything that must never be.
 */
export class SimulatedCluster {
  state: VolumeState;
  readonly faults: string[] = [];
  #uid = 0;

  constructor(state: VolumeState) {
    this.state = state;
  }

  /** What the API server does when it gets the request of a step. */
  request(step: Step): void {
    const { resource, statefulSet } = this.state;
    switch (step.kind) {
      case "request-claim":
        this.#claim(step.claim, ({ capacity }) => {
          if (step.to < capacity) this.faults.push(`${step.claim} shrinks`);
          return { requested: step.to, infeasible: false };
        });
        break;
      case "pause":
        this.#set({
          resource: {
            size: step.size,
            paused: "by this command",
            ...(step.retentionSize && { retentionSize: step.retentionSize }),
          },
        });
        break;
      case "set-retention":
        if (resource) this.#set({ resource: { ...resource, retentionSize: step.retentionSize } });
        break;
      case "resume":
        if (resource) this.#set({ resource: { ...resource, paused: "no" } });
        break;
      case "delete-stateful-set":
        if (statefulSet) this.#set({ statefulSet: { ...statefulSet, deleting: true } });
        break;
      case "keep-manifest":
        if (statefulSet === undefined) this.faults.push("a manifest of no StatefulSet is kept");
        else
          this.#set({
            kept: { uid: statefulSet.uid, generation: statefulSet.generation, size: step.size },
          });
        break;
      case "create-stateful-set":
        if (this.state.kept === undefined) this.faults.push("a StatefulSet is created from nothing");
        else this.#create(this.state.kept.size);
        break;
      case "discard-manifest":
        if (statefulSet === undefined) this.faults.push("the only manifest is deleted");
        this.#remove("kept");
        break;
      case "restart-pod":
        this.#claim(step.claim, ({ requested }) => ({ capacity: requested }));
        break;
      default:
        break;
    }
    this.#check();
  }

  /** What controllers do when they are left alone for a while. */
  settle(): void {
    for (const { name, requested, infeasible } of this.state.claims)
      if (!infeasible) this.#claim(name, () => ({ capacity: requested }));
    const { resource, statefulSet } = this.state;
    if (statefulSet?.deleting === true) this.#remove("statefulSet");
    const set = this.state.statefulSet;
    if (resource?.paused === "no") {
      if (set === undefined) this.#create(resource.size);
      // As prometheus-operator 0.94.1 does it: with the pods.
      else if (set.size !== resource.size)
        this.faults.push("the operator deletes the StatefulSet and its pods");
    }
    const created = this.state.statefulSet;
    if (created !== undefined && !created.deleting) this.#set({ statefulSet: { ...created, settled: true } });
    this.#check();
  }

  /** A `retentionSize` is 80% of a size: with more than a claim in use has, the disk would be full. */
  #check(): void {
    const { resource, claims, replicas } = this.state;
    const smallest = Math.min(
      ...claims.filter(({ ordinal }) => ordinal < replicas).map(({ capacity }) => capacity),
    );
    const retained = Number(/^(\d+)MiB$/.exec(resource?.retentionSize ?? "")?.[1] ?? 0) * 2 ** 20;
    if (retained > smallest) this.faults.push(`retentionSize ${retained} on ${smallest}`);
    if (resource !== undefined && resource.size > smallest) this.faults.push("a template promises too much");
  }

  #create(size: number): void {
    this.#uid += 1;
    this.#set({
      statefulSet: { uid: `new ${this.#uid}`, generation: 1, size, settled: false, deleting: false },
    });
  }

  #claim(name: string, change: (claim: Claim) => Partial<Claim>): void {
    this.#set({
      claims: this.state.claims.map((claim) =>
        claim.name === name ? { ...claim, ...change(claim) } : claim,
      ),
    });
  }

  #set(change: Partial<VolumeState>): void {
    this.state = { ...this.state, ...change };
  }

  #remove(field: "statefulSet" | "kept"): void {
    const { [field]: _, ...rest } = this.state;
    this.state = rest as VolumeState;
  }
}
