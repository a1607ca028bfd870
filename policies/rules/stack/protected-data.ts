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
  pack: "reliability",
  standards: ["NIST CP-9", "NIST CM-5"],
  scope: "stack",
  title: "Resources with data, and their namespaces, are protected from deletion.",
  why: "Pulumi deletes a resource when it is renamed or removed from the program. Samples, silences and keys cannot be restored.",
  fix: "set the option protect: true of the resource (here: protectData in the environment)",
  severity: "critical",
  levels: PRODUCTION,
  check: (resources) => {
    const holders = resources.filter(({ type }) => HOLDERS.includes(type));
    return judgeResources([...holders, ...namespacesOf(holders, resources)], ({ protect, type }) => {
      if (protect) return undefined;
      return type === TYPES.namespace
        ? "the namespace contains data and is not protected from deletion"
        : "the resource contains data and is not protected from deletion";
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
