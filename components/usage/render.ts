import type { IValidatingAdmissionPolicy } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
import type { IValidatingAdmissionPolicyBinding } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import { PROGRAM_LABEL } from "./model.ts";

const GUARD = "bellwether-deletion-guard";
const POLICY = "bellwether-platform-in-use";

/**
 * What refuses to delete a platform while programs of teams have rules on it. With the namespace, Kubernetes would delete their
 * objects too, and their stacks would not know. The ConfigMap is what `pulumi destroy` deletes first, so that it is refused before
 * anything is gone. Needs Kubernetes 1.30.
 */
export function renderDeletionGuard(namespace: string) {
  const labels = { "app.kubernetes.io/part-of": "bellwether", "app.kubernetes.io/managed-by": "pulumi" };
  return {
    policy: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: POLICY, labels },
      spec: {
        // Where the CRDs are gone, no team has rules, and nothing may keep the platform.
        failurePolicy: "Ignore",
        paramKind: { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule" },
        matchConstraints: {
          resourceRules: [deletionOf("configmaps", GUARD), deletionOf("namespaces", namespace)],
        },
        validations: [
          {
            // Asked once for each rule object that the binding selects: that there is one is what is wrong.
            expression: "false",
            messageExpression:
              `"this platform is in use: the program " + params.metadata.labels["${PROGRAM_LABEL}"] + ` +
              `" has the PrometheusRule " + params.metadata.name + ` +
              `". Destroy its stack first: docs/how-to/deploy.md, Delete an environment"`,
          },
        ],
      },
    } satisfies IValidatingAdmissionPolicy,
    binding: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: POLICY, labels },
      spec: {
        policyName: POLICY,
        validationActions: ["Deny"],
        paramRef: {
          namespace,
          selector: { matchExpressions: [{ key: PROGRAM_LABEL, operator: "Exists" }] },
          parameterNotFoundAction: "Allow",
        },
      },
    } satisfies IValidatingAdmissionPolicyBinding,
    guard: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: GUARD, namespace, labels },
      data: {
        purpose: `Deleted first with the platform, and only while no PrometheusRule here has the label ${PROGRAM_LABEL}.`,
      },
    } satisfies IConfigMap,
  };
}

function deletionOf(resource: "configmaps" | "namespaces", name: string) {
  return {
    apiGroups: [""],
    apiVersions: ["v1"],
    operations: ["DELETE" as const],
    resources: [resource],
    resourceNames: [name],
  };
}
