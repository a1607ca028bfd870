import { ALWAYS, type StackPolicy } from "../policy.ts";
import { ownNamespaces, workloadsWith } from "../related-resources.ts";
import { objectNamespace, TYPES } from "../resource.ts";
import { isEmpty, selects } from "../selector.ts";
import { judgeResources } from "../violation.ts";

export const networkPolicyTargets: StackPolicy = {
  id: "network-policy-targets",
  area: "workloads",
  scope: "stack",
  title: "Every network policy finds the pods that it speaks of.",
  why: "A policy without pods protects nothing, and where all else is denied the pods that it meant are cut off.",
  fix: "make spec.podSelector equal the labels of the pods, or leave it empty to mean all of the namespace",
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
          : "its podSelector finds no pods";
      },
    );
  },
};
