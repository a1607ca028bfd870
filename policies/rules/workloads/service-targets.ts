import { ALWAYS, type StackPolicy } from "../policy.ts";
import { ownNamespaces, unseenWorkloads, workloadsWith } from "../related-resources.ts";
import { objectNamespace, TYPES } from "../resource.ts";
import { hasAll } from "../selector.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";

export const serviceTargets: StackPolicy = {
  id: "service-targets",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CM-6"],
  scope: "stack",
  title: "The selector of every Service matches pods.",
  why: "A Service without pods refuses connections, and its monitor has no targets.",
  fix: "set spec.selector to the labels of the pod template",
  severity: "high",
  levels: ALWAYS,
  check: (resources) => {
    const own = ownNamespaces(resources);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.service),
      (service) => {
        const namespace = objectNamespace(service);
        const selector = service.properties.at("spec", "selector").texts();
        if (!own.has(namespace) || Object.keys(selector).length === 0) return undefined;
        if (workloadsWith(resources, namespace, (labels) => hasAll(labels, selector)).length > 0)
          return undefined;
        const unseen = unseenWorkloads(resources, namespace);
        if (unseen !== undefined) throw new NotVisible(`${unseen} may hold the pods that it selects`);
        return "its selector matches no pods";
      },
    );
  },
};
