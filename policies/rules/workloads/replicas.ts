import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

/** Says, on a Deployment, why it runs alone. */
const SINGLETON_ANNOTATION = "bellwether.dev/singleton";

/** Programs that run once by nature, by their label `app.kubernetes.io/name`. */
const SINGLETONS: Readonly<Record<string, string>> = {
  "prometheus-operator": "what it manages continues without it, and two would write the same objects",
  "kube-state-metrics": "a second replica reports every object again and doubles every sum",
  grafana: "its database is one file on one volume",
};

export const replicasPolicy: ResourcePolicy = {
  id: "replicas",
  area: "workloads",
  scope: "resource",
  title: "Every Deployment has two or more replicas, unless it can only run as one.",
  why: "With one replica every drained, replaced or lost node is an outage.",
  fix: `set spec.replicas to 2 or more, or state the reason for one replica in the annotation ${SINGLETON_ANNOTATION}`,
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.deployment],
  check: (resource) =>
    judge(() => {
      const metadata = resource.properties.at("metadata");
      const app = metadata.at("labels", "app.kubernetes.io/name").text();
      const alone =
        (app !== undefined && app in SINGLETONS) || metadata.at("annotations", SINGLETON_ANNOTATION).exists;
      return alone || replicas(resource) >= 2 ? undefined : "the Deployment has one replica";
    }),
};
