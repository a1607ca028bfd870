import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { onlyGiven } from "../providers/given.ts";
import type { ClusterHandle } from "./handle.ts";
import { PROVIDER_BEHAVIOUR } from "./kubernetes-provider.ts";
import { type ExistingClusterSettings, existingClusterProblems } from "./model.ts";

/** What an existing cluster is reached by. */
export interface ExistingClusterArgs {
  readonly settings: ExistingClusterSettings;
}

/**
 * A cluster that somebody else runs, reached through a context of a kubeconfig. Its nodes, DNS and storage are theirs, so
 * there is nothing to wait for.
 *
 * Throws an InvalidInputError that lists every problem of the settings.
 */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterHandle {
  readonly provider: kubernetes.Provider;
  readonly name: pulumi.Output<string>;
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, { settings }: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = existingClusterProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`ExistingCluster ${name}`, problems);
    super("bellwether:cluster:ExistingCluster", name, {}, opts);

    // Without a kubeconfig of the settings, none is an input: the provider looks it up when it runs, and KUBECONFIG is in no state.
    const args: kubernetes.ProviderArgs = {
      ...PROVIDER_BEHAVIOUR,
      context: settings.context,
      ...(settings.kubeconfig !== undefined && { kubeconfig: settings.kubeconfig }),
      // The name, not the context: people rename contexts, and a new identifier would replace every object.
      clusterIdentifier: settings.name,
    };
    this.provider = new kubernetes.Provider(
      name,
      args,
      pulumi.mergeOptions({ parent: this }, onlyGiven(args)),
    );
    this.name = pulumi.output(settings.name);
    this.registerOutputs({ name: this.name });
  }
}
