import { budgetOf } from "../cluster/budget.ts";
import { type ClusterClient, PATCH } from "../cluster/client.ts";
import type { ClusterObject } from "../cluster/object.ts";
import { deleteUnchanged, evict, listed, type Parting, warningAbout } from "../cluster/requests.ts";
import { RESTARTED_AT, RESTARTING, workloadOf } from "./objects.ts";
import { type Begun, FIELD_MANAGER, type Member, type Named, type Workload } from "./state.ts";
import type { Step } from "./steps.ts";

/**
 * A workload of a cluster, read and restarted through its API server. Every method rejects with a Refused where the API server refuses,
 * and with an InvalidInputError where it does not answer.
 */
export class RolloutCluster {
  readonly #client: ClusterClient;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  /** Undefined where there is no such workload. */
  async read(named: Named): Promise<Workload | undefined> {
    const { namespace, kind } = named;
    const object = await this.#client.get<ClusterObject>(pathOf(named));
    if (object === undefined) return undefined;
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    const [pods, replicaSets, budgets] = await Promise.all([
      listed(this.#client, "Pod", `/api/v1/namespaces/${namespace}/pods`),
      kind === "Deployment" ? listed(this.#client, "ReplicaSet", `${apps}/replicasets`) : [],
      listed(
        this.#client,
        "PodDisruptionBudget",
        `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
      ),
    ]);
    return workloadOf(named, object, { pods, replicaSets, budgets: budgets.map(budgetOf) });
  }

  /** The newest warning about a pod, as Kubernetes words it. */
  warningAbout({ namespace, name }: Member): Promise<string | undefined> {
    return warningAbout(this.#client, "Pod", namespace, name);
  }

  /** Does what a step says, with one request at most. */
  async perform(named: Named, step: Step, now: number): Promise<Parting> {
    const going: Parting = { kind: "going" };
    switch (step.kind) {
      case "change-template": {
        const annotations = { [RESTARTED_AT]: new Date(now).toISOString() };
        await this.#merge(named, { spec: { template: { metadata: { annotations } } } });
        return going;
      }
      case "begin":
        await this.#note(named, { at: now, pods: step.pods });
        return going;
      case "end":
        await this.#note(named, undefined);
        return going;
      case "delete":
        await deleteUnchanged(this.#client, step.pod);
        return going;
      case "evict":
        return evict(this.#client, step.pod);
      case "await":
        return going;
    }
  }

  async #note(named: Named, begun: Begun | undefined): Promise<void> {
    const note = begun === undefined ? null : JSON.stringify(begun);
    await this.#merge(named, { metadata: { annotations: { [RESTARTING]: note } } });
  }

  async #merge(named: Named, change: object): Promise<void> {
    await this.#client.must("PATCH", `${pathOf(named)}?fieldManager=${FIELD_MANAGER}`, change, PATCH.merge);
  }
}

function pathOf({ kind, namespace, name }: Named): string {
  return `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
}
