import * as pulumi from "@pulumi/pulumi";
import { type ClusterInputs, refusedClusterUpdate } from "../components/cluster/update-refusals.ts";

const CLUSTER = "aws:eks/cluster:Cluster";

/**
 * Stops `pulumi preview` and `pulumi up` before a change of a deployed cluster that EKS would refuse. Only the engine knows what is deployed,
 * and tells it a hook: Bellwether's own preview does not ask.
 */
export function refuseImpossibleUpdates(): void {
  const hook = new pulumi.ResourceHook(
    "bellwether-refuse-impossible-updates",
    ({ oldInputs, newInputs }) => {
      const reason = refusedClusterUpdate(inputsOf(oldInputs), inputsOf(newInputs));
      if (reason !== undefined) throw new Error(reason);
    },
    { onDryRun: true },
  );
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === CLUSTER
      ? { props, opts: pulumi.mergeOptions(opts, { hooks: { beforeUpdate: [hook] } }) }
      : undefined,
  );
}

/** What is read of the inputs of a cluster as the engine has them; what a preview does not know is no text and no list. */
function inputsOf(inputs: unknown): ClusterInputs {
  const { version, vpcConfig } = (inputs ?? {}) as {
    readonly version?: unknown;
    readonly vpcConfig?: unknown;
  };
  const { subnetIds } = (vpcConfig ?? {}) as { readonly subnetIds?: unknown };
  return {
    version: typeof version === "string" ? version : undefined,
    subnets: Array.isArray(subnetIds) ? subnetIds.length : undefined,
  };
}
