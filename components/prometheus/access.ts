import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { labelsOf, metadataOf, type Placed, type Workload } from "../workloads/model.ts";

const RBAC_GROUP = "rbac.authorization.k8s.io";

/** Name and labels of a workload's cluster-wide role and binding: prefixed, because they share one name space with everybody. */
export function clusterMetadataOf(workload: Workload): { name: string; labels: Record<string, string> } {
  return { name: `bellwether-${workload.name}`, labels: labelsOf(workload) };
}

/** A workload's account. Its token is mounted only where the pod asks for it. */
export function renderServiceAccount(workload: Placed): IServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(workload),
    automountServiceAccountToken: false,
  };
}

/** Gives a workload's account the workload's cluster role. */
export function bindClusterRole(workload: Placed): IClusterRoleBinding {
  const metadata = clusterMetadataOf(workload);
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: metadata.name },
    subjects: [accountOf(workload)],
  };
}

/** Gives a workload's account a role in `namespace`. Default: that of the workload's name. */
export function bindRole(workload: Placed, namespace: string, role = workload.name): IRoleBinding {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "RoleBinding",
    metadata: { ...metadataOf(workload, role), namespace },
    roleRef: { apiGroup: RBAC_GROUP, kind: "Role", name: role },
    subjects: [accountOf(workload)],
  };
}

function accountOf({ name, namespace }: Placed) {
  return { kind: "ServiceAccount", name, namespace };
}
