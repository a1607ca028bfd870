import { type Disagreement, one } from "./disagreement.ts";

/** The rules between the name, the owner and the secrets of an environment, each broken once and by nothing else. */
export const ENVIRONMENT_DISAGREEMENTS: readonly Disagreement[] = [
  one("name-is-the-stacks", "a name that is not the stack's", "prod", ["name"], "production"),
  one("owner-is-a-team", "an owner that is no team", "prod", ["owner"], "platfrm"),
  one(
    "error-budget-is-opened-by-teams",
    "an error-budget policy that is opened by no team",
    "everything",
    ["errorBudget", "openedBy", 0],
    "platfrm",
    "errorBudget.openedBy[0]",
  ),
  one(
    "namespaces-are-possible",
    "one namespace for everything",
    "everything",
    ["namespaces", "node"],
    "bellwether",
  ),
  ...["default", "kube-system", "kube-monitoring"].map((name) =>
    one(
      "namespaces-are-possible",
      `the namespace ${name}, which is of Kubernetes`,
      "everything",
      ["namespaces", "monitoring"],
      name,
    ),
  ),
  ...["monitoring", "node"].map((field) =>
    one(
      "namespaces-are-free",
      `the namespace of another release as namespaces.${field}`,
      "everything",
      ["namespaces", field],
      "observability",
    ),
  ),
  one(
    "secret-names-are-free",
    "a secret named like the environment",
    "local",
    ["grafana", "adminPasswordSecret"],
    "environment",
  ),
];
