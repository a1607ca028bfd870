export { EksCluster } from "./eks-cluster.ts";
export type { EksClusterArgs } from "./eks-cluster-args.ts";
export { ExistingCluster, type ExistingClusterArgs } from "./existing-cluster.ts";
export type { ClusterHandle } from "./handle.ts";
export { NODE_GROUP_LABEL } from "./node-groups.ts";
