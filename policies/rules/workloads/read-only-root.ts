import { containerName, runningContainers, TEMPLATE_TYPES } from "../pods.ts";
import { ADVISED, type ResourcePolicy } from "../policy.ts";
import { judgeEach } from "../violation.ts";

export const readOnlyRoot: ResourcePolicy = {
  id: "read-only-root",
  area: "workloads",
  pack: "security",
  standards: ["NSA/CISA Kubernetes pod security", "NIST CM-7", "CIS EKS 4.5.2"],
  scope: "resource",
  title: "The root file system of every container is read-only.",
  why: "Whoever breaks into the container can put no program there, and nothing fills the disk of the node unseen.",
  fix: "set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program writes",
  severity: "low",
  levels: ADVISED,
  types: TEMPLATE_TYPES,
  check: (resource) =>
    judgeEach(runningContainers(resource), (container) =>
      container.at("securityContext", "readOnlyRootFilesystem").is(true)
        ? undefined
        : `${containerName(container)} can write to its root file system`,
    ),
};
