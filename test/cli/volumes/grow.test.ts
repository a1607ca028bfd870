import { describe, expect, it } from "vitest";
import { growVolumes, NotFinished } from "../../../cli/volumes/grow.ts";
import type { VolumeState } from "../../../cli/volumes/state.ts";
import type { Step } from "../../../cli/volumes/steps.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { volumeOwner } from "../../../components/workloads/volumes.ts";
import { claim, FROM, RETENTION, running, TO } from "./samples.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

const owner = volumeOwner("prometheus", DEFAULT_NAMESPACES);
const goal = { size: TO, retentionSize: RETENTION.after };
const before = running(2, { retentionSize: RETENTION.before });

/** Grows the volumes of a simulated cluster; `react` is what happens there between two reads. */
async function grown(
  state: VolumeState,
  react: (cluster: SimulatedCluster) => void,
  { warning, patience = 10_000 }: { readonly warning?: string; readonly patience?: number } = {},
) {
  const cluster = new SimulatedCluster(state);
  const steps: Step[] = [];
  const volumes = {
    read: async () => {
      react(cluster);
      return cluster.state;
    },
    perform: async (_: unknown, step: Step) => cluster.request(step),
    warningAbout: async () => warning,
  };
  const options = { owner, goal, onStep: (step: Step) => steps.push(step), patience, interval: 1 };
  const message = await growVolumes(volumes, options).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof NotFinished)) throw error;
      return error.message;
    },
  );
  return { cluster, steps, message };
}

describe("growVolumes", () => {
  it("names each step once, however long it waits", async () => {
    let reads = 0;
    const { steps, message } = await grown(before, (cluster) => {
      if (reads++ % 5 === 4) cluster.settle();
    });
    expect(message).toBeUndefined();
    expect(steps.map(({ kind }) => kind)).toEqual([
      "request-claim",
      "await-claim",
      "request-claim",
      "await-claim",
      "pause",
      "delete-stateful-set",
      "await-deletion",
      "resume",
      "await-stateful-set",
    ]);
  });

  it("gives up a claim that does not grow, with what Kubernetes reports", async () => {
    const warning = "VolumeResizeFailed: you have reached the maximum modification rate";
    const { message, cluster } = await grown(before, () => {}, { warning, patience: 20 });
    expect(message).toBe(
      `not reached: wait until the file system of db-server-0 has 25Gi. Kubernetes reports: ${warning}`,
    );
    expect(cluster.state.resource).toEqual(before.resource);
  });

  it("gives up at once where the driver cannot provide the size", async () => {
    const stuck = claim("db-server", 0, FROM, { requested: TO, infeasible: true });
    const state = { ...before, claims: [stuck, claim("db-server", 1)] };
    const { steps, message } = await grown(state, () => {});
    expect(steps).toEqual([{ kind: "await-claim", claim: "db-server-0", to: TO }]);
    expect(message).toBe("not reached: wait until the file system of db-server-0 has 25Gi");
  });
});
