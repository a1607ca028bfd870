import type { Mistake } from "./mistake.ts";

const SPOT = { type: "aws:eks/nodeGroup:NodeGroup", name: "cluster-batch-eu-central-1b" };
const TEMPLATE = { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "cluster-batch" };
const CNI = { type: "aws:eks/addon:Addon", name: "cluster-vpc-cni" };

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Mistakes in groups of nodes, put into a cluster that has two in each zone. */
export const NODE_MISTAKES: Readonly<Record<string, Mistake>> = {
  "zones that are updated at a time": {
    ...SPOT,
    make: (_, resource) =>
      (resource.dependsOn = resource.dependsOn.filter((urn) => !urn.includes("eks/nodeGroup:NodeGroup"))),
    says: /dependsOn is neither waits for the other: cluster-batch-eu-central-1a/,
  },
  "an effect of a taint as Kubernetes writes it": {
    ...SPOT,
    make: (inputs) => (inputs.taints[0].effect = "NoSchedule"),
    says: /taints\[0\]\.effect is "NoSchedule"/,
  },
  "the same taint twice": {
    ...SPOT,
    make: (inputs) => inputs.taints.push(inputs.taints[0]),
    says: /each key and effect once/,
  },
  "a label that is longer than EKS takes": {
    ...SPOT,
    make: (inputs) => (inputs.labels[`${"long.".repeat(12)}example.com/workload`] = "batch"),
    says: /is 80 characters; allowed: 1 to 63/,
  },
  "capacity of a kind that there is not": {
    ...SPOT,
    make: (inputs) => (inputs.capacityType = "spot"),
    says: /capacityType is "spot"; allowed: one of ON_DEMAND/,
  },
  "spot instances of one type": {
    ...SPOT,
    make: (inputs) => inputs.instanceTypes.splice(1),
    says: /one type of spot instances/,
  },
  "user data of another system": {
    ...TEMPLATE,
    make: (inputs) => (inputs.userData = base64("MIME-Version: 1.0\n\n--//--\n")),
    says: /userData is MIME-Version/,
  },
  "user data in plain text": {
    ...TEMPLATE,
    make: (inputs) => (inputs.userData = "[settings.kubernetes]\nmax-pods = 60\n"),
    says: /userData is \[settings/,
  },
  "more pods than a kubelet of EKS takes": {
    ...TEMPLATE,
    make: (inputs) => (inputs.userData = base64("[settings.kubernetes]\nmax-pods = 400\n")),
    says: /max-pods is 400/,
  },
  "a variable of the CNI that is no text": {
    ...CNI,
    make: (inputs) =>
      (inputs.configurationValues = JSON.stringify({ env: { ENABLE_PREFIX_DELEGATION: true } })),
    says: /ENABLE_PREFIX_DELEGATION is true; allowed: text/,
  },
};
