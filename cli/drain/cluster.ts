import type { Namespaces } from "../../components/workloads/model.ts";
import { MOST_SHARDS, shardNames, VOLUME_OWNERS } from "../../components/workloads/volumes.ts";
import { budgetOf } from "../cluster/budget.ts";
import { type ClusterClient, PATCH } from "../cluster/client.ts";
import { at, type ClusterObject, conditionOf, isManagedBy, numberAt } from "../cluster/object.ts";
import type { Pod } from "../cluster/pod.ts";
import { evict, listed, type Parting, podsIn } from "../cluster/requests.ts";
import { meets, type Requirement } from "../cluster/selector.ts";
import { type ClusterNode, type DrainState, FIELD_MANAGER, keyOf, type Server } from "./state.ts";

/**
 * A node of a cluster, read and drained through its API server. Every method rejects with a Refused where the API server refuses, and
 * with an InvalidInputError where it does not answer.
 */
export class DrainCluster {
  readonly #client: ClusterClient;
  readonly #namespaces: Namespaces;

  constructor(client: ClusterClient, namespaces: Namespaces) {
    this.#client = client;
    this.#namespaces = namespaces;
  }

  /** Undefined where there is no such node. */
  async read(name: string): Promise<DrainState | undefined> {
    const client = this.#client;
    const [nodes, pods, budgets] = await Promise.all([
      listed(client, "Node", "/api/v1/nodes"),
      podsIn(client),
      listed(client, "PodDisruptionBudget", "/apis/policy/v1/poddisruptionbudgets"),
    ]);
    const all = nodes.map(nodeOf);
    const node = all.find((each) => each.name === name);
    if (node === undefined) return undefined;
    const here = pods.filter((pod) => pod.node === name);
    const stays = ({ mirror, controller }: Pod) => mirror || controller?.kind === "DaemonSet";
    const leaving = here.filter((pod) => !stays(pod));
    const others = all.filter((each) => each !== node && each.ready && each.cordoned === "no");
    return {
      node,
      leaving,
      staying: here.filter(stays),
      budgets: budgets.map(budgetOf),
      others,
      bound: await this.#boundOf(leaving, others),
      servers: await this.#servers(pods),
    };
  }

  /** Lets no pod start on the node, or lets them again. */
  async cordon(name: string, unschedulable: boolean): Promise<void> {
    const path = `/api/v1/nodes/${name}?fieldManager=${FIELD_MANAGER}`;
    // Null gives the field up: the next one that cordons the node owns it alone.
    const spec = { unschedulable: unschedulable ? true : null };
    await this.#client.must("PATCH", path, { spec }, PATCH.merge);
  }

  evict(pod: Pod): Promise<Parting> {
    return evict(this.#client, pod);
  }

  async #boundOf(pods: readonly Pod[], others: readonly ClusterNode[]): Promise<ReadonlyMap<string, string>> {
    const bound = new Map<string, string>();
    for (const pod of pods)
      for (const claim of pod.claims) {
        const terms = await this.#placesOf(pod.namespace, claim);
        if (terms.length === 0 || others.some(({ labels }) => isIn(terms, labels))) continue;
        bound.set(
          keyOf(pod),
          `${claim}, whose volume can only be where ${terms.map(termInWords).join(", or ")}`,
        );
      }
    return bound;
  }

  /** The terms of the node affinity of a claim's volume; none where it can be everywhere. */
  async #placesOf(namespace: string, claim: string): Promise<readonly Term[]> {
    const object = await this.#client.get(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`);
    const volume = at(object, "spec", "volumeName");
    if (typeof volume !== "string") return [];
    const found = await this.#client.get(`/api/v1/persistentvolumes/${volume}`);
    const terms = at(found, "spec", "nodeAffinity", "required", "nodeSelectorTerms");
    return (terms ?? []) as readonly Term[];
  }

  /** Prometheus and Alertmanager, where they run in the cluster. */
  async #servers(pods: readonly Pod[]): Promise<readonly Server[]> {
    const namespace = this.#namespaces.monitoring;
    const alertmanager = {
      title: VOLUME_OWNERS.alertmanager.title,
      statefulSet: VOLUME_OWNERS.alertmanager.statefulSet,
    };
    // Each shard is a set of servers of its own. What is not there is left out.
    const shards = shardNames(MOST_SHARDS).map((statefulSet) => ({
      title: VOLUME_OWNERS.prometheus.title,
      statefulSet,
    }));
    const found = await Promise.all(
      [...shards, alertmanager].map(async ({ title, statefulSet }) => {
        const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets/${statefulSet}`;
        const set = await this.#client.get<ClusterObject>(path);
        if (set === undefined) return [];
        const replicas = numberAt(set, 1, "spec", "replicas");
        const members = pods.filter(({ controller }) => controller?.uid === set.metadata.uid);
        return [{ title, namespace, statefulSet, replicas, needed: Math.ceil(replicas / 2), members }];
      }),
    );
    return found.flat();
  }
}

/** A node from its object. */
function nodeOf(object: ClusterObject): ClusterNode {
  const isCordoned = at(object, "spec", "unschedulable") === true;
  const isOurs = isManagedBy(object, FIELD_MANAGER, "spec", "unschedulable");
  return {
    name: object.metadata.name,
    labels: object.metadata.labels ?? {},
    ready: conditionOf(object, "Ready")?.status === "True",
    cordoned: !isCordoned ? "no" : isOurs ? "by this command" : "by others",
  };
}

interface Term {
  readonly matchExpressions?: readonly Requirement[];
}

/** One of the terms must hold, with all its requirements. */
function isIn(terms: readonly Term[], labels: Readonly<Record<string, string>>): boolean {
  return terms.some(({ matchExpressions = [] }) =>
    matchExpressions.every((requirement) => meets(requirement, labels)),
  );
}

function termInWords({ matchExpressions = [] }: Term): string {
  return matchExpressions
    .map(({ key, operator, values = [] }) => `${key} ${operator} ${values.join(", ")}`.trim())
    .join(" and ");
}
