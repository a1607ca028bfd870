import { ALWAYS, type StackPolicy } from "../policy.ts";
import { ownNamespaces, unseenWorkloads, workloadsWith } from "../related-resources.ts";
import { objectNamespace, TYPES } from "../resource.ts";
import { isEmpty, selects } from "../selector.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";

export const networkPolicyTargets: StackPolicy = {
  id: "network-policy-targets",
  area: "workloads",
  pack: "security",
  standards: ["CIS EKS 5.4.4", "CIS Kubernetes 5.3.2", "NIST SC-7"],
  scope: "stack",
  title: "The pod selector of every NetworkPolicy matches pods.",
  why: "A policy that matches no pods has no effect. If other traffic is denied, the pods it was written for get none.",
  fix: "set spec.podSelector to the labels of the pods, or leave it empty for all pods of the namespace",
  severity: "medium",
  levels: ALWAYS,
  check: (resources) => {
    const own = ownNamespaces(resources);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.networkPolicy),
      (policy) => {
        const namespace = objectNamespace(policy);
        const selector = policy.properties.at("spec", "podSelector");
        if (!own.has(namespace) || isEmpty(selector)) return undefined;
        if (workloadsWith(resources, namespace, (labels) => selects(selector, labels)).length > 0)
          return undefined;
        const unseen = unseenWorkloads(resources, namespace);
        if (unseen !== undefined) throw new NotVisible(`${unseen} may hold the pods that it selects`);
        return "its podSelector matches no pods";
      },
    );
  },
};
