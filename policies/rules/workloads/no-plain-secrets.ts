import { containerName, containers, TEMPLATE_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judgeEach } from "../violation.ts";

export const noPlainSecrets: ResourcePolicy = {
  id: "no-plain-secrets",
  area: "workloads",
  scope: "resource",
  title: "No ConfigMap and no environment variable contains a secret.",
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
      : containers(resource).flatMap((container) =>
          judgeEach(container.at("env").items(), (variable) => {
            const name = variable.at("name").text() ?? "";
            if (!resemblesSecret(name, variable.at("value"))) return undefined;
            return `environment variable ${name} of ${containerName(container)} looks like a secret`;
          }),
        ),
};

const SECRET_NAME =
  /(?:^|[_.-])(?:password|passwd|passphrase|secret|token|credentials?|(?:api|access|private|routing|service)[_.-]?key)$/i;

// Forms that a secret has and that nothing else does.
const SECRET_CONTENT = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bxox[abpr]-[0-9A-Za-z-]{10,}/,
  /https:\/\/hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/,
  /\bgl(?:sa|c)_[A-Za-z0-9_]{20,}/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  // A password in a configuration file that is neither a reference nor a file's name.
  /^\s*["']?\w*(?:password|_token|secret_key|api_key|routing_key)["']?\s*[:=]\s*["']?(?!\s|["']|\$|<|\{|\/|null|true|false)[^\s"']{6,}/im,
];

function resemblesSecret(name: string, value: Value): boolean {
  // A secret that is named like one is one as soon as it is written here, known yet or not.
  if (SECRET_NAME.test(name)) return value.exists && (!value.known || value.text() !== "");
  const text = value.text() ?? "";
  return SECRET_CONTENT.some((form) => form.test(text));
}

function lastName(value: Value): string {
  return value.path.slice("data.".length);
}
