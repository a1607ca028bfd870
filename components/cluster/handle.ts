import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A cluster, ours or somebody else's, as the rest of the platform uses it. */
export interface ClusterHandle {
  /** Explicit: nothing finds its cluster by what a kubeconfig happens to point at. */
  readonly provider: kubernetes.Provider;
  readonly name: pulumi.Output<string>;
  /** What workloads wait for, and what waits for their end when the platform is destroyed. */
  readonly ready: pulumi.Resource[];
}
