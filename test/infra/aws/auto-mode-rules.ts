import type { Finding } from "./fault.ts";
import type { GraphResource } from "./graph.ts";
import { statementsOf } from "./policy-document.ts";
import type { Relations } from "./relations.ts";
import { permissionsOf, type Rule } from "./role-rules.ts";

// What must hold around a cluster with EKS Auto Mode, by the Amazon EKS user guide: cluster IAM role, node IAM role, storage class.

const CLUSTER = "aws:eks/cluster:Cluster";
const ROLE = "aws:iam/role:Role";
const POLICIES = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];
const NODE_POLICIES = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];
const POOLS = ["general-purpose", "system"];

function isAuto({ inputs }: GraphResource): boolean {
  return inputs.computeConfig?.enabled === true;
}

/** The control plane may start nodes, volumes and load balancers, with session tags; its nodes may join and pull images. */
export const autoModeMayStartNodes: Rule = (cluster, graph) => {
  if (cluster.type !== CLUSTER || !isAuto(cluster)) return [];
  const pools: readonly string[] = cluster.inputs.computeConfig.nodePools ?? [];
  return [
    ...graph
      .behind(cluster, "roleArn", ROLE)
      .flatMap((role) => [
        ...without(role, graph, POLICIES),
        ...(JSON.stringify(statementsOf(role.inputs.assumeRolePolicy)).includes("sts:TagSession")
          ? []
          : [{ at: `the trust policy of ${role.name}`, found: "no sts:TagSession", allowed: "it" }]),
      ]),
    ...graph.behind(cluster, "computeConfig", ROLE).flatMap((role) => [
      ...without(role, graph, NODE_POLICIES),
      // EKS makes it where a pool of its own names the role, and refuses a second one.
      ...(pools.length > 0 &&
      graph.referringTo(role, "aws:eks/accessEntry:AccessEntry", "principalArn").length > 0
        ? [{ at: `the access entry of ${role.name}`, found: "one", allowed: "none: EKS makes it" }]
        : []),
      ...(JSON.stringify(statementsOf(role.inputs.assumeRolePolicy)).includes('"ec2.amazonaws.com')
        ? []
        : [{ at: `the trust policy of ${role.name}`, found: "no EC2", allowed: "ec2.amazonaws.com" }]),
    ]),
    ...pools
      .filter((pool) => !POOLS.includes(pool))
      .map((pool) => ({ at: "computeConfig.nodePools", found: pool, allowed: POOLS.join(", ") })),
  ];
};

function without(role: GraphResource, graph: Relations, policies: readonly string[]): readonly Finding[] {
  const held = permissionsOf(role, graph);
  return policies
    .filter((policy) => !held(policy))
    .map((policy) => ({ at: `what ${role.name} may do`, found: `no ${policy}`, allowed: policy }));
}

const BUILT_IN = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "aws-ebs-csi-driver"];

/** What EKS runs on nodes of Auto Mode is not installed beside it, and a pod of an add-on that needs another node would wait for ever. */
export const autoModeHasNoAddOns: Rule = ({ type, inputs }, graph) => {
  if (type !== "aws:eks/addon:Addon" || !graph.ofType(CLUSTER).some(isAuto)) return [];
  return BUILT_IN.includes(inputs.addonName)
    ? [{ at: "addonName", found: inputs.addonName, allowed: "nothing that EKS Auto Mode has" }]
    : [];
};

/** Volumes are made by the driver that the cluster has. */
export const volumesHaveTheirDriver: Rule = ({ type, inputs }, graph) => {
  if (type !== "kubernetes:storage.k8s.io/v1:StorageClass") return [];
  const clusters = graph.ofType(CLUSTER);
  if (clusters.length === 0) return [];
  const allowed = clusters.some(isAuto) ? "ebs.csi.eks.amazonaws.com" : "ebs.csi.aws.com";
  return inputs.provisioner === allowed ? [] : [{ at: "provisioner", found: inputs.provisioner, allowed }];
};
