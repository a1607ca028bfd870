import { type ResourcePolicy, SHARED } from "../policy.ts";
import { judge } from "../violation.ts";

const LABELS = ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"];

export const recommendedLabels: ResourcePolicy = {
  id: "recommended-labels",
  area: "stack",
  scope: "resource",
  title: "Every Kubernetes object has the labels part-of and managed-by.",
  why: "The labels show who owns an object, and that the next deployment reverts manual changes.",
  fix: `set the labels ${LABELS.join(" and ")}: componentLabels of components/core/labels.ts has them`,
  severity: "low",
  levels: SHARED,
  check: ({ type, properties }) =>
    judge(() => {
      if (!isObject(type)) return undefined;
      const labels = properties.at("metadata", "labels");
      const missing = LABELS.filter((label) => !labels.at(label).exists);
      return missing.length === 0 ? undefined : `the object has no label ${missing.join(", ")}`;
    }),
};

/** A Kubernetes object, by its type token: no chart, no provider, no patch of what somebody else owns. */
export function isObject(type: string): boolean {
  return (
    /^kubernetes:[^:]+\/v[^:/]+:\w+$/.test(type) &&
    !type.startsWith("kubernetes:helm.sh/") &&
    !type.endsWith("Patch")
  );
}
