/** Every field of a cluster of kind eks but its version and its administrators. */
export const CLUSTER_OF_EVERYTHING = {
  kind: "eks",
  endpoint: { access: "public", networks: ["10.8.0.0/16"], allowedCidrs: ["203.0.113.0/24"] },
  serviceCidr: "172.20.0.0/16",
  logs: ["audit"],
  logRetentionDays: 90,
  support: "standard",
  deletionProtection: true,
  prefixDelegation: true,
  nodeGroups: {
    general: {
      os: "al2023",
      architecture: "arm64",
      instanceTypes: ["m7g.large"],
      minPerZone: 1,
      maxPerZone: 2,
      capacity: "onDemand",
      labels: { "example.com/workload": "general" },
      taints: [{ key: "example.com/general", value: "true", effect: "PreferNoSchedule" }],
      diskSize: "80Gi",
      imageRelease: "1.35.6-20260818",
    },
    batch: {
      os: "bottlerocket",
      instanceTypes: ["m7i.large", "m6i.large", "m6a.large"],
      capacity: "spot",
      minPerZone: 0,
      maxPerZone: 3,
      maxPods: 30,
      taints: [{ key: "example.com/batch", effect: "NoExecute" }],
    },
  },
};
