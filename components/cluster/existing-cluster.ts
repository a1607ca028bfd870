import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../aws/model.ts";
import { InvalidInputError } from "../core/problems.ts";
import { onlyGiven } from "../providers/given.ts";
import type { ClusterHandle } from "./handle.ts";
import { createProvider, findEksCluster, PROVIDER_BEHAVIOUR } from "./kubernetes-provider.ts";
import { type ExistingClusterSettings, existingClusterProblems } from "./model.ts";

/** What an existing cluster is reached by. */
export interface ExistingClusterArgs {
  readonly settings: ExistingClusterSettings;
  /** The account and the region of an EKS cluster that is found by its name. Needed where the settings have no context. */
  readonly place?: AwsPlace;
}

/**
 * A cluster that somebody else runs, reached through a context of a kubeconfig, or by the name of an EKS cluster, which the AWS
 * provider (an option of the component) looks up. Its nodes, DNS and storage are theirs, so there is nothing to wait for.
 *
 * Throws an InvalidInputError that lists every problem of the settings.
 */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterHandle {
  readonly provider: kubernetes.Provider;
  readonly name: pulumi.Output<string>;
  readonly ready: pulumi.Resource[] = [];

  constructor(
    name: string,
    { settings, place }: ExistingClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const problems = existingClusterProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`ExistingCluster ${name}`, problems);
    super("bellwether:cluster:ExistingCluster", name, {}, opts);

    const child = { parent: this };
    this.provider =
      settings.context === undefined
        ? createProvider(name, this.#onEks(name, settings, place), child)
        : throughContext(name, { ...settings, context: settings.context }, child);
    this.name = pulumi.output(settings.name);
    this.registerOutputs({ name: this.name });
  }

  #onEks(name: string, { eks }: ExistingClusterSettings, place: AwsPlace | undefined) {
    // The rules of the environment refuse such a cluster without an account.
    if (eks === undefined || place === undefined)
      throw new Error("an EKS cluster by name without an account");
    return {
      ...place,
      cluster: findEksCluster(name, eks.name, { parent: this }),
      clusterName: eks.name,
    };
  }
}

function throughContext(
  name: string,
  { name: clusterIdentifier, context, kubeconfig }: ExistingClusterSettings & { readonly context: string },
  child: pulumi.CustomResourceOptions,
): kubernetes.Provider {
  // Without a kubeconfig of the settings, none is an input: the provider looks it up when it runs, and KUBECONFIG is in no state.
  const args: kubernetes.ProviderArgs = {
    ...PROVIDER_BEHAVIOUR,
    context,
    ...(kubeconfig !== undefined && { kubeconfig }),
    // The name, not the context: people rename contexts, and a new identifier would replace every object.
    clusterIdentifier,
  };
  return new kubernetes.Provider(name, args, pulumi.mergeOptions(child, onlyGiven(args)));
}
