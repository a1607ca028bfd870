import { InvalidInputError } from "../../components/core/problems.ts";
import { bytes } from "../../components/core/quantity.ts";
import { namespacesOf } from "../../components/workloads/model.ts";
import { type VolumeOwnerName, volumeOwner } from "../../components/workloads/volumes.ts";
import { statedVolumes } from "../../infra/volumes.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { VolumesCluster } from "./cluster.ts";
import { volumeProblems, type Wanted } from "./problems.ts";

/** Which volumes of which cluster. */
export interface WantedOptions {
  readonly environment: Environment;
  /** One program. Default: all that have volumes in the cluster. */
  readonly component?: string;
}

/**
 * What an environment states of its volumes and what is in the cluster. Throws an InvalidInputError with every reason why the volumes
 * cannot get the sizes; nothing is changed.
 */
export async function readWanted(
  cluster: VolumesCluster,
  { environment, component }: WantedOptions,
): Promise<readonly Wanted[]> {
  const stated = statedVolumes(environment).filter(
    ({ owner }) => component === undefined || owner === component,
  );
  const { shards } = environment.prometheus;
  if (shards > 1 && stated.some(({ owner }) => owner === "prometheus"))
    throw severalShards(environment.name, shards);
  if (stated.length === 0) throw noVolumes(environment.name, component as VolumeOwnerName);
  const classes = await cluster.expandableClasses();
  const wanted = await Promise.all(
    stated.map(async ({ owner: ownerName, path, size, retentionSize }) => {
      const owner = volumeOwner(ownerName, namespacesOf(environment));
      const goal = { size: bytes(size), ...(retentionSize !== undefined && { retentionSize }) };
      return { owner, path, goal, state: await cluster.read(owner) };
    }),
  );
  const problems = wanted.flatMap((each) => volumeProblems(each, classes));
  if (problems.length > 0) throw new InvalidInputError(subject(environment.name), problems);
  return wanted;
}

/** The operator would delete the StatefulSets of the other shards, with all their pods, when the first one's template changes. */
function severalShards(environment: string, shards: number): InvalidInputError {
  return new InvalidInputError(subject(environment), [
    {
      path: "environment.prometheus.shards",
      found: `${shards}: each shard has a StatefulSet of its own`,
      allowed: "1 for Prometheus; other programs with --component",
      fix: "name another program with --component, or add a shard in the place of larger volumes",
    },
  ]);
}

function noVolumes(environment: string, component: VolumeOwnerName): InvalidInputError {
  return new InvalidInputError(subject(environment), [
    {
      path: "--component",
      found: `${component}, which runs outside the cluster of ${environment}`,
      allowed: "a program with a volume in the cluster",
      fix: "name another one, or none for all",
    },
  ]);
}

function subject(environment: string): string {
  return `volumes of ${environment}`;
}
