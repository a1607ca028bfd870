import { fewestReplicas } from "../pods.ts";
import { FROM_STAGING, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judgeResources } from "../violation.ts";

/** Says, on a Deployment, why it runs alone. */
const SINGLETON_ANNOTATION = "bellwether.dev/singleton";

/** Programs that run once by nature, by their label `app.kubernetes.io/name`. */
const SINGLETONS: Readonly<Record<string, string>> = {
  "prometheus-operator": "what it manages continues without it, and two would write the same objects",
  "kube-state-metrics": "a second replica reports every object again and doubles every sum",
  grafana: "its database is one file on one volume",
};

const SETTINGS = {
  fewest: { type: "number", default: 2, description: "The fewest replicas of a Deployment." },
  singletons: {
    type: "strings",
    default: Object.keys(SINGLETONS),
    description: "Values of the label app.kubernetes.io/name whose Deployment runs once by nature.",
  },
} as const;

export const replicasPolicy: StackPolicy = {
  id: "replicas",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-2", "SRE Workbook: Managing Load"],
  scope: "stack",
  title: "Every Deployment has two or more replicas, unless it can only run as one.",
  why: "With one replica every drained, replaced or lost node is an outage.",
  fix: `set spec.replicas to 2 or more, or state the reason for one replica in the annotation ${SINGLETON_ANNOTATION}`,
  severity: "medium",
  levels: FROM_STAGING,
  settings: SETTINGS,
  check: (resources, context) => {
    const { fewest, singletons } = settingsOf(SETTINGS, context);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.deployment),
      (resource) => {
        const metadata = resource.properties.at("metadata");
        const app = metadata.at("labels", "app.kubernetes.io/name").text();
        const alone =
          (app !== undefined && singletons.includes(app)) ||
          metadata.at("annotations", SINGLETON_ANNOTATION).exists;
        const count = fewestReplicas(resource, resources);
        if (alone || count >= fewest) return undefined;
        return count === 1 ? "the Deployment has one replica" : `the Deployment has ${count} replicas`;
      },
    );
  },
};
