import { InvalidInputError } from "../../components/core/problems.ts";
import { namespacesOf } from "../../components/workloads/model.ts";
import { VOLUME_OWNERS } from "../../components/workloads/volumes.ts";
import type { Environment } from "../../stacks/environment.ts";
import { environmentTraits } from "../../stacks/rules.ts";
import type { ClusterClient } from "./client.ts";
import { at } from "./object.ts";

/**
 * Throws an InvalidInputError where a context leads to the cluster of another environment: the labels that Prometheus adds to every
 * alert say which one it is. A cluster without Prometheus passes. Rejects with a Refused where the API server does not let it look.
 *
 * @param subject of the error.
 * @param context what leads to the cluster, as messages name it.
 */
export async function refuseOtherCluster(
  client: ClusterClient,
  environment: Environment,
  subject: string,
  context: string,
): Promise<void> {
  const { monitoring } = namespacesOf(environment);
  const { name } = VOLUME_OWNERS.prometheus.resource;
  const path = `/apis/monitoring.coreos.com/v1/namespaces/${monitoring}/prometheuses/${name}`;
  const found = at(await client.get(path), "spec", "externalLabels");
  if (found === undefined) return;
  const { name: cluster } = environmentTraits(environment);
  const [ofCluster, ofEnvironment] = [at(found, "cluster"), at(found, "environment")];
  if (ofCluster === cluster && ofEnvironment === environment.name) return;
  throw new InvalidInputError(subject, [
    {
      path: context,
      found: `the environment ${String(ofEnvironment)} in the cluster ${String(ofCluster)}`,
      allowed: `the environment ${environment.name} in the cluster ${cluster}`,
      fix: "name the context of that cluster with --context; kubectl config get-contexts lists them",
    },
  ]);
}
