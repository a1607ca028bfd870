import { ALWAYS, type StackPolicy } from "../policy.ts";
import { ownNamespaces, workloadsWith } from "../related-resources.ts";
import { objectNamespace, TYPES } from "../resource.ts";
import { isEmpty, selects } from "../selector.ts";
import { judgeResources } from "../violation.ts";

export const networkPolicyTargets: StackPolicy = {
  id: "network-policy-targets",
  area: "workloads",
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
        return workloadsWith(resources, namespace, (labels) => selects(selector, labels)).length > 0
          ? undefined
          : "its podSelector matches no pods";
      },
    );
  },
};
