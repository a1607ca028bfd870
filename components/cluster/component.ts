export { EksCluster } from "./eks-cluster.ts";

export { ExistingCluster } from "./existing-cluster.ts";
export type { ClusterHandle } from "./handle.ts";
