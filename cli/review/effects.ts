/** What happens to what runs when a property of a resource changes. */
export interface Effect {
  readonly types: RegExp;
  readonly path: RegExp;
  readonly replaces?: true;
  /** The rest of a sentence without its full stop. */
  readonly words: string;
  /** Where that is written. */
  readonly source: string;
}

const AWS = "terraform-provider-aws, which @pulumi/aws is built on: ForceNew in internal/service";
const KUBERNETES = "pulumi-kubernetes: provider/pkg/clients/forcenew.go";

/**
 * What AWS and Kubernetes do about a change, by type and path, the first that matches. What is not listed is not known, and a review says
 * so for resources of AWS.
 */
export const EFFECTS: readonly Effect[] = [
  {
    types: /^aws:ec2\/vpc:Vpc$/,
    path: /^(cidrBlock|instanceTenancy)$/,
    replaces: true,
    words: "AWS cannot change it: the VPC is replaced, and with it its subnets, the cluster and all nodes",
    source: `${AWS}/ec2/vpc_.go`,
  },
  {
    types: /^aws:ec2\/subnet:Subnet$/,
    path: /^(cidrBlock|availabilityZone|vpcId)$/,
    replaces: true,
    words: "AWS cannot change it: the subnet is replaced, and the nodes in it",
    source: `${AWS}/ec2/vpc_subnet.go`,
  },
  {
    types: /^aws:eks\/cluster:Cluster$/,
    path: /^(name|roleArn|bootstrapSelfManagedAddons|kubernetesNetworkConfig\.(ipFamily|serviceIpv4Cidr)|accessConfig\.bootstrap\w+)$/,
    replaces: true,
    words: "EKS cannot change it: the cluster is replaced, with everything that runs on it",
    source: `${AWS}/eks/cluster.go`,
  },
  {
    types: /^aws:eks\/cluster:Cluster$/,
    path: /^version$/,
    words:
      "EKS updates the control plane in place, with the API available; a downgrade is possible only for 7 days after an upgrade",
    source: "docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
  },
  {
    types: /^aws:eks\/cluster:Cluster$/,
    path: /^vpcConfig\.(endpoint\w+|publicAccessCidrs)/,
    words: "EKS changes who can reach the API in place, within minutes; pods keep running",
    source: "docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  },
  {
    types: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(amiType|capacityType|clusterName|diskSize|instanceTypes|nodeGroupName|nodeRoleArn|remoteAccess|subnetIds)/,
    replaces: true,
    words:
      "EKS cannot change it: the node group is replaced by new nodes, and every pod on the old ones is moved",
    source: `${AWS}/eks/node_group.go`,
  },
  {
    types: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(version|releaseVersion|launchTemplate)/,
    words: "EKS rolls the nodes: it drains and replaces them one after the other, and pods restart elsewhere",
    source: "docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html",
  },
  {
    types: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^(scalingConfig|labels|taints|updateConfig|nodeRepairConfig|tags)/,
    words: "EKS changes it in place; running nodes stay",
    source: "docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html",
  },
  {
    types: /^aws:ec2\/launchTemplate:LaunchTemplate$/,
    path: /./,
    words: "a new version of the launch template: EKS rolls the nodes of the groups that use it",
    source: "docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
  },
  {
    types: /^aws:amp\/workspace:Workspace$/,
    path: /^kmsKeyArn$/,
    replaces: true,
    words:
      "Amazon Managed Service for Prometheus cannot change the key: the workspace is replaced, and its samples are deleted",
    source: `${AWS}/amp/workspace.go`,
  },
  {
    types: /^aws:cloudwatch\/logGroup:LogGroup$/,
    path: /^name$/,
    replaces: true,
    words: "the log group is replaced, and its logs are deleted",
    source: `${AWS}/logs/group.go`,
  },
  {
    types: /^aws:cloudwatch\/logGroup:LogGroup$/,
    path: /^retentionInDays$/,
    words: "CloudWatch changes it in place, and deletes what is older",
    source: "docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  },
  {
    types: /^aws:eks\/cluster:Cluster$/,
    path: /^(deletionProtection|enabledClusterLogTypes|upgradePolicy|zonalShiftConfig|tags)/,
    words: "EKS changes it in place",
    source: "docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html",
  },
  {
    types: /^kubernetes:/,
    path: /^metadata\.(name|namespace)$/,
    replaces: true,
    words: "Kubernetes cannot rename an object: it is replaced",
    source: KUBERNETES,
  },
  {
    types: /^kubernetes:apps\/v1:StatefulSet$/,
    path: /^spec\.(podManagementPolicy|revisionHistoryLimit|selector|serviceName|volumeClaimTemplates)/,
    replaces: true,
    words:
      "the StatefulSet is replaced: its pods stop and start again, and its claims keep the size that they have",
    source: KUBERNETES,
  },
  {
    types: /^kubernetes:apps\/v1:(Deployment|DaemonSet)$/,
    path: /^spec\.selector/,
    replaces: true,
    words: "the workload is replaced: its pods stop and start again",
    source: KUBERNETES,
  },
  {
    types: /^kubernetes:apps\/v1:(Deployment|DaemonSet|StatefulSet)$/,
    path: /^spec\.template/,
    words: "Kubernetes restarts its pods, one after the other",
    source: "kubernetes.io/docs/concepts/workloads",
  },
  {
    types: /^kubernetes:rbac[^:]*:(Cluster)?RoleBinding$/,
    path: /^roleRef/,
    replaces: true,
    words: "the binding is replaced; for a moment it grants nothing",
    source: KUBERNETES,
  },
  {
    types: /^kubernetes:storage[^:]*:StorageClass$/,
    path: /^(parameters|provisioner)/,
    replaces: true,
    words: "the storage class is replaced; existing volumes stay as they are",
    source: KUBERNETES,
  },
  {
    types: /^kubernetes:monitoring[.]coreos[.]com\/v1:(Prometheus|Alertmanager)$/,
    path: /^spec\.(replicas|shards)$/,
    words: "the operator adds or removes pods; the volume of a pod that is removed stays",
    source: "prometheus-operator: persistentVolumeClaimRetentionPolicy of the manifest",
  },
  {
    types: /^kubernetes:monitoring[.]coreos[.]com\/v1:(Prometheus|Alertmanager)$/,
    path: /^spec\.(image|resources|retention|version|externalLabels|scrapeInterval|evaluationInterval|nodeSelector|affinity)/,
    words: "the operator restarts its pods one after the other, or reloads its configuration",
    source: "prometheus-operator: a changed pod template is a rolling update of the StatefulSet",
  },
];

/** Types whose deletion loses something that a new one does not bring back, with what that is. */
export const HOLDS_DATA: Readonly<Record<string, string>> = {
  "aws:kms/key:Key": "what it encrypted cannot be read any more after the waiting time of KMS",
  "aws:amp/workspace:Workspace": "the samples of long-term storage are deleted",
  "aws:cloudwatch/logGroup:LogGroup": "its logs are deleted",
  "aws:eks/cluster:Cluster": "everything that runs on the cluster is deleted",
  "kubernetes:monitoring.coreos.com/v1:Prometheus": "the samples of its volumes are not served any more",
  "kubernetes:core/v1:Namespace": "everything in the namespace is deleted",
  "kubernetes:core/v1:PersistentVolumeClaim": "its volume is released or deleted",
  "kubernetes:helm.sh/v3:Release": "a release that has CRDs deletes the objects of all teams with them",
};
