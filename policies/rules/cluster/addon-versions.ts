import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";

export const addonVersions: ResourcePolicy = {
  id: "addon-versions",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CM-2", "NIST CM-3"],
  scope: "resource",
  title: "Every EKS add-on has a version.",
  why: "AWS chooses one otherwise, another in each environment, and staging no longer shows what production gets.",
  fix: "set addonVersion",
  severity: "medium",
  levels: ALWAYS,
  types: ["aws:eks/addon:Addon"],
  check: ({ properties }) =>
    judge(() => (properties.at("addonVersion").exists ? undefined : "the add-on has no version")),
};
