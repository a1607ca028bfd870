import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { judgeResources } from "../violation.ts";

/** What is lost for good when it is deleted. */
const HOLDERS: readonly string[] = [
  TYPES.key,
  TYPES.prometheus,
  TYPES.alertmanager,
  TYPES.volumeClaim,
  "aws:amp/workspace:Workspace",
  TYPES.grafanaWorkspace,
  "aws:ebs/volume:Volume",
];

export const protectedData: StackPolicy = {
  id: "protected-data",
  area: "stack",
  scope: "stack",
  title: "What holds data is protected from deletion, and so is its namespace.",
  why: "A refactoring that renames a resource deletes it first; samples, silences and keys do not come back.",
  fix: "pass protect: true, which components do when protectData is set",
  severity: "critical",
  levels: PRODUCTION,
  check: (resources) => {
    const holders = resources.filter(({ type }) => HOLDERS.includes(type));
    return judgeResources([...holders, ...namespacesOf(holders, resources)], ({ protect, type }) => {
      if (protect) return undefined;
      return type === TYPES.namespace
        ? "the namespace holds data and is not protected from deletion"
        : "the resource holds data and is not protected from deletion";
    });
  },
};

function namespacesOf(
  holders: readonly StackResource[],
  resources: readonly StackResource[],
): StackResource[] {
  const names = new Set(
    holders.filter(({ type }) => type.startsWith("kubernetes:")).map((holder) => objectNamespace(holder)),
  );
  return resources.filter((resource) => resource.type === TYPES.namespace && names.has(objectName(resource)));
}
