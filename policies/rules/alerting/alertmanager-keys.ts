import { holdsSecret } from "../../../components/core/secret-forms.ts";
import { isCredential } from "../alertmanager-credentials.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { type ResourceView, TYPES } from "../resource.ts";
import { Value } from "../value.ts";
import { judge } from "../violation.ts";
import { parsedConfiguration } from "./configuration.ts";

export const alertmanagerKeys: ResourcePolicy = {
  id: "alertmanager-keys",
  area: "alerting",
  pack: "security",
  standards: ["NIST IA-5", "NIST SC-28", "CIS EKS 4.4.1", "CIS Kubernetes 5.4.1"],
  scope: "resource",
  title: "Alertmanager's configuration names the files of its keys and contains none.",
  why: "The configuration is shown by Alertmanager's page, by amtool and in previews, to many more people than may send pages.",
  fix: "mount the key from a Secret of its own and name it with the field's _file form: routing_key_file, api_url_file, url_file, auth_password_file",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.secret, TYPES.configMap],
  check: (resource) =>
    judge(() =>
      filesOf(resource).flatMap(([name, read]) =>
        judge(() => keysIn(configurationIn(read())).map((path) => `${name} contains a key at ${path}`)),
      ),
    ),
};

/** The files of a Secret or ConfigMap by name, each with what reads it. After deployment a Secret holds them in Base64. */
function filesOf({ type, properties }: ResourceView): (readonly [name: string, read: () => string])[] {
  const isSecret = type === TYPES.secret;
  const plain = properties.at(isSecret ? "stringData" : "data").fields();
  const encoded = isSecret ? properties.at("data").fields() : [];
  return [
    ...plain.map(([name, value]) => [name, () => value.text() ?? ""] as const),
    ...encoded.map(
      ([name, value]) => [name, () => Buffer.from(value.text() ?? "", "base64").toString("utf8")] as const,
    ),
  ].filter(([name]) => /\.(?:ya?ml|json)$|^alertmanager/.test(name));
}

/** The configuration that a text is; undefined for any other text. */
function configurationIn(text: string): Value | undefined {
  // Most files are large and none, such as dashboards.
  if (!/\breceivers["']?\s*:/.test(text)) return undefined;
  const config = new Value(parsedConfiguration(text));
  // Of a collector of OpenTelemetry they are a map.
  return config.at("receivers").items().length > 0 ? config : undefined;
}

/** The paths of the keys in a configuration. */
function keysIn(config: Value | undefined): string[] {
  if (config === undefined) return [];
  const found: string[] = [];
  const walk = (value: Value, name: string): void => {
    const items = value.items();
    if (items.length > 0) {
      for (const item of items) walk(item, name);
      return;
    }
    for (const [field, inner] of value.fields()) walk(inner, field);
    // A map has no text.
    const text = value.text() ?? "";
    if (isReference(text)) return;
    if (isCredential(name, value.path) || holdsSecret(text)) found.push(value.path.replace(/^\./, ""));
  };
  walk(config.at("global"), "global");
  walk(config.at("receivers"), "receivers");
  return found;
}

/** Nothing, or a mark that something else replaces. */
function isReference(text: string): boolean {
  return text.trim() === "" || /^<[^>]*>$|^\$\{|^\$\(|\{\{/.test(text.trim());
}
