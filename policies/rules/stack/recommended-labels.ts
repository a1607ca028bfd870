import { type ResourcePolicy, SHARED } from "../policy.ts";
import { remediesOf } from "../remedy.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  labels: {
    type: "strings",
    default: ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"],
    description: "The labels that every object has.",
  },
} as const;

export const recommendedLabels: ResourcePolicy = {
  id: "recommended-labels",
  area: "stack",
  pack: "reliability",
  standards: ["NIST CM-8"],
  scope: "resource",
  title: "Every Kubernetes object has the labels part-of and managed-by.",
  why: "The labels show who owns an object, and that the next deployment reverts manual changes.",
  fix: `set the labels ${SETTINGS.labels.default.join(" and ")} in metadata.labels (here: componentLabels of components/core/labels.ts)`,
  severity: "low",
  levels: SHARED,
  settings: SETTINGS,
  check: ({ type, properties }, context) =>
    judge(() => {
      if (!isObject(type)) return undefined;
      const labels = properties.at("metadata", "labels");
      const missing = settingsOf(SETTINGS, context).labels.filter((label) => !labels.at(label).exists);
      return missing.length === 0 ? undefined : `the object has no label ${missing.join(", ")}`;
    }),
  remedies: ({ type, urn, properties }, context) =>
    remediesOf(isObject(type) ? settingsOf(SETTINGS, context).labels : [], (label) => {
      const value = valuesOf(urn)[label];
      if (value === undefined || properties.at("metadata", "labels", label).exists) return undefined;
      return { path: ["metadata", "labels", label], value };
    }),
};

/** The labels whose values follow from the URN `urn:pulumi:<stack>::<project>::…`. */
function valuesOf(urn: string): Readonly<Record<string, string | undefined>> {
  return {
    "app.kubernetes.io/part-of": urn.split("::")[1],
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** A Kubernetes object, by its type token: no chart, no files of manifests, no provider, no patch of what somebody else owns. */
export function isObject(type: string): boolean {
  return (
    /^kubernetes:[^:]+\/v[^:/]+:\w+$/.test(type) &&
    !/^kubernetes:(?:helm\.sh|yaml|kustomize)\//.test(type) &&
    !/(?:Patch|List)$/.test(type)
  );
}
