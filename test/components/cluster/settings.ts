import {
  type EksSettings,
  eksSettings,
  type NodeGroupSettings,
} from "../../../components/cluster/settings.ts";

/** A cluster as production has it, from which each test changes what it is about. */
export const PRODUCTION_EKS: EksSettings = eksSettings.parse({
  kind: "eks",
  version: "1.35",
  endpoint: { access: "private" },
  serviceCidr: "172.20.0.0/16",
  logs: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  logRetentionDays: 90,
  support: "standard",
  deletionProtection: true,
  administrators: ["arn:aws:iam::111122223333:role/platform-admin"],
  nodeGroups: { general: { instanceTypes: ["m7i.xlarge"], minPerZone: 1, maxPerZone: 4 } },
});

/** Production's one node group. */
export const GENERAL_NODES: NodeGroupSettings = {
  os: "bottlerocket",
  architecture: "amd64",
  instanceTypes: ["m7i.xlarge"],
  minPerZone: 1,
  maxPerZone: 4,
  capacity: "onDemand",
  labels: {},
  taints: [],
  diskSize: "50Gi",
};
