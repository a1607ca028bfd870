import { holdsSecret, isPlainWord, isSecretName } from "../../../components/core/secret-forms.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge } from "../violation.ts";

export const monitorCredentials: ResourcePolicy = {
  id: "monitor-credentials",
  area: "alerting",
  pack: "security",
  standards: ["NIST IA-5", "NIST SC-8", "NIST SC-28"],
  scope: "resource",
  title: "Monitors check certificates, and have no secret in a URL or a parameter.",
  why: "Without the check whoever answers in the target's place gets the token of the scrape; a secret in a monitor is read by everyone who may list monitors.",
  fix: "set tlsConfig.ca instead of insecureSkipVerify, and take credentials from a Secret: authorization.credentials, basicAuth.password, oauth2.clientSecret",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.serviceMonitor, TYPES.podMonitor, TYPES.probe, TYPES.scrapeConfig],
  check: ({ properties }) => {
    const spec = properties.at("spec");
    return [
      ...judge(() =>
        sendsUnchecked(spec)
          ? "it sends credentials to a target whose certificate it does not check"
          : undefined,
      ),
      ...judge(() =>
        leavesBelow(spec)
          .filter((leaf) => isSecretParameter(leaf) || (leaf.known && holdsSecret(leaf.text() ?? "")))
          .map(({ path }) => `${path} looks like a secret`),
      ),
    ];
  },
};

/** The places in which a monitor says how it scrapes. */
function endpointsOf(spec: Value): Value[] {
  return [spec, ...spec.at("endpoints").items(), ...spec.at("podMetricsEndpoints").items()];
}

function sendsUnchecked(spec: Value): boolean {
  return endpointsOf(spec).some(
    (endpoint) =>
      endpoint.at("tlsConfig", "insecureSkipVerify").is(true) &&
      ["authorization", "basicAuth", "oauth2", "bearerTokenSecret", "bearerTokenFile"].some(
        (field) => endpoint.at(field).exists,
      ),
  );
}

/**
 * Whether a leaf is a parameter of the scrape's URL, or a header, whose name says secret, with a value that can be one: what is known
 * only later is one as soon as it is written here.
 */
function isSecretParameter(leaf: Value): boolean {
  const [, name = ""] =
    /\.(?:params|httpHeaders|headers)\.([^[\]]+?)(?:(?:\.values)?\[\d+\])?$/.exec(leaf.path) ?? [];
  return isSecretName(name) && (!leaf.known || isPlainWord(leaf.text() ?? ""));
}

/** The texts below a value, and what is known only later. */
function leavesBelow(value: Value): Value[] {
  if (!value.known || value.text() !== undefined) return [value];
  return [...value.items(), ...value.fields().map(([, field]) => field)].flatMap(leavesBelow);
}
