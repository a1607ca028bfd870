import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { labelsOf, metadataOf, type Program } from "./programs.ts";

const RBAC_GROUP = "rbac.authorization.k8s.io";

/** Name and labels of a program's cluster-wide role and binding: prefixed, because they share one name space with everybody. */
export function clusterMetadataOf(program: Program): { name: string; labels: Record<string, string> } {
  return { name: `bellwether-${program.name}`, labels: labelsOf(program) };
}

/** A program's account. Its token is mounted only where the pod asks for it. */
export function renderServiceAccount(program: Program): IServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(program),
    automountServiceAccountToken: false,
  };
}

/** Gives a program's account the program's cluster role. */
export function bindClusterRole(program: Program): IClusterRoleBinding {
  const metadata = clusterMetadataOf(program);
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: metadata.name },
    subjects: [accountOf(program)],
  };
}

/** Gives a program's account the role of the program's name in `namespace`. */
export function bindRole(program: Program, namespace: string): IRoleBinding {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "RoleBinding",
    metadata: { ...metadataOf(program), namespace },
    roleRef: { apiGroup: RBAC_GROUP, kind: "Role", name: program.name },
    subjects: [accountOf(program)],
  };
}

function accountOf({ name, namespace }: Program) {
  return { kind: "ServiceAccount", name, namespace };
}
