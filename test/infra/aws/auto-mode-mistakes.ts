import type { Mistake } from "./mistake.ts";

const CLUSTER = { type: "aws:eks/cluster:Cluster", name: "cluster" };
const attachment = (name: string) => ({ type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name });
const role = (name: string) => ({ type: "aws:iam/role:Role", name });

/** Mistakes in a cluster whose nodes EKS starts. */
export const AUTO_MODE_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a pool that EKS does not have": {
    ...CLUSTER,
    make: (inputs) => inputs.computeConfig.nodePools.push("spot"),
    says: /computeConfig\.nodePools is spot/,
  },
  "pools without a role": {
    ...CLUSTER,
    make: (inputs) => delete inputs.computeConfig.nodeRoleArn,
    says: /computeConfig\.nodeRoleArn is missing/,
  },
  "no load balancing beside it": {
    ...CLUSTER,
    make: (inputs) => delete inputs.kubernetesNetworkConfig.elasticLoadBalancing,
    says: /computeConfig is \[true,false,true\]/,
  },
  "storage under another field": {
    ...CLUSTER,
    make: (inputs) => (inputs.storageConfig = { ebs: { enabled: true } }),
    says: /storageConfig\.ebs/,
  },
  "self-managed add-ons beside it": {
    ...CLUSTER,
    make: (inputs) => (inputs.bootstrapSelfManagedAddons = true),
    says: /bootstrapSelfManagedAddons is true/,
  },
  "a control plane that may start no instance": {
    ...attachment("cluster-control-plane-compute"),
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/AmazonEKSServicePolicy"),
    says: /no AmazonEKSComputePolicy/,
  },
  "a policy of Auto Mode with a path": {
    ...attachment("cluster-control-plane-storage"),
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/eks/AmazonEKSBlockStoragePolicy"),
    says: /policyArn is .*allowed: arn:aws:iam::aws:policy\/AmazonEKSBlockStoragePolicy/,
  },
  "a control plane without session tags": {
    ...role("cluster-control-plane"),
    make: (inputs) => (inputs.assumeRolePolicy = inputs.assumeRolePolicy.replace(',"sts:TagSession"', "")),
    says: /the trust policy of cluster-control-plane is no sts:TagSession/,
  },
  "nodes that EC2 does not give their role": {
    ...role("cluster-nodes"),
    make: (inputs) => (inputs.assumeRolePolicy = inputs.assumeRolePolicy.replace("ec2.", "eks.")),
    says: /the trust policy of cluster-nodes is no EC2/,
  },
  "nodes that may not join": {
    ...attachment("cluster-nodes-join"),
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"),
    says: /no AmazonEKSWorkerNodeMinimalPolicy/,
  },
  "volumes of the driver that is an add-on": {
    type: "kubernetes:storage.k8s.io/v1:StorageClass",
    name: "cluster-storage-class",
    make: (inputs) => (inputs.provisioner = "ebs.csi.aws.com"),
    says: /provisioner is ebs\.csi\.aws\.com; allowed: ebs\.csi\.eks\.amazonaws\.com/,
  },
};
