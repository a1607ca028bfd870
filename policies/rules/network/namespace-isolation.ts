import { WORKLOAD_TYPES } from "../pods.ts";
import { SHARED, type StackPolicy } from "../policy.ts";
import { unseenWorkloads } from "../related-resources.ts";
import { objectName, objectNamespace, TYPES } from "../resource.ts";
import { isEmpty } from "../selector.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";

export const namespaceIsolation: StackPolicy = {
  id: "namespace-isolation",
  area: "network",
  pack: "security",
  standards: [
    "CIS EKS 4.3.2",
    "CIS EKS 5.4.4",
    "CIS Kubernetes 5.3.2",
    "NSA/CISA Network separation and hardening",
    "NIST SC-7",
  ],
  scope: "stack",
  title: "Every namespace with pods has a NetworkPolicy that covers all of them.",
  why: "A pod that no policy selects talks to every other, and a break-in spreads from it.",
  fix: "create a NetworkPolicy in the namespace with an empty spec.podSelector and policyTypes [Ingress]",
  severity: "medium",
  levels: SHARED,
  check: (resources) => {
    const workloads = resources.filter(({ type }) => WORKLOAD_TYPES.includes(type));
    const policies = resources.filter(({ type }) => type === TYPES.networkPolicy);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.namespace),
      (namespace) => {
        const name = objectName(namespace);
        if (!workloads.some((workload) => objectNamespace(workload) === name)) return undefined;
        const isCovered = policies.some(
          (policy) =>
            objectNamespace(policy) === name && isEmpty(policy.properties.at("spec", "podSelector")),
        );
        if (isCovered) return undefined;
        const unseen = unseenWorkloads(resources, name);
        if (unseen !== undefined)
          throw new NotVisible(`${unseen} may bring the namespace's network policies`);
        return "no NetworkPolicy covers every pod of the namespace";
      },
    );
  },
};
