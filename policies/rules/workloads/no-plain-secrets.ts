import { holdsSecret, isPlainWord, isSecretName } from "../../../components/core/secret-forms.ts";
import { containerName, containers, TEMPLATE_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judgeEach } from "../violation.ts";

export const noPlainSecrets: ResourcePolicy = {
  id: "no-plain-secrets",
  area: "workloads",
  pack: "security",
  standards: [
    "CIS EKS 4.4.1",
    "CIS Kubernetes 5.4.1",
    "NSA/CISA Network separation and hardening",
    "NIST IA-5",
  ],
  scope: "resource",
  title: "No ConfigMap, no environment variable and no argument of a container contains a secret.",
  why: "Both can be read by everyone with read access to the namespace, and appear in logs, previews and support bundles.",
  fix: "put it into a Secret that is mounted as a file or referenced with valueFrom.secretKeyRef; then rotate the secret, because it was exposed",
  severity: "critical",
  levels: ALWAYS,
  types: [...TEMPLATE_TYPES, TYPES.configMap],
  check: (resource) =>
    resource.type === TYPES.configMap
      ? judgeEach(
          resource.properties
            .at("data")
            .fields()
            .map(([, value]) => value),
          (value) =>
            resemblesSecret(lastName(value), value) ? `${value.path} looks like a secret` : undefined,
        )
      : containers(resource).flatMap((container) => [
          ...judgeEach(container.at("env").items(), (variable) => {
            const name = variable.at("name").text() ?? "";
            if (!resemblesSecret(name, variable.at("value"))) return undefined;
            return `environment variable ${name} of ${containerName(container)} looks like a secret`;
          }),
          ...judgeEach([...container.at("command").items(), ...container.at("args").items()], (argument) =>
            holdsSecret(argument.text() ?? "")
              ? `${argument.path} of ${containerName(container)} looks like a secret`
              : undefined,
          ),
        ]),
};

function resemblesSecret(name: string, value: Value): boolean {
  if (!value.exists) return false;
  // What is named like a secret and known only later is one as soon as it is written here.
  if (!value.known && isSecretName(name)) return true;
  const text = value.text() ?? "";
  return holdsSecret(text) || (isSecretName(name) && isPlainWord(text));
}

function lastName(value: Value): string {
  return value.path.slice("data.".length);
}
