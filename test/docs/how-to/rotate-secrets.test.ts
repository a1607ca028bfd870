import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { howTo } from "../page.ts";
import { mainTable, rowsAfter } from "../rotation-page.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Schema {
  readonly secret?: boolean;
  /** An old name of a field. */
  readonly deprecated?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** The paths of the fields that name a secret, below a schema; a key that is chosen freely is `<name>`. */
function secretPaths(schema: Schema, path: string): readonly string[] {
  if (schema.deprecated === true) return [];
  const below = (key: string, inner: Schema) => secretPaths(inner, path === "" ? key : `${path}.${key}`);
  const { additionalProperties: others } = schema;
  return [
    ...(schema.secret === true ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => below(key, inner)),
    ...(typeof others === "object" ? below("<name>", others) : []),
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((each = []) =>
      each.flatMap((inner) => secretPaths(inner, path)),
    ),
  ];
}

describe("docs/how-to/rotate-secrets.md", () => {
  const page = howTo("rotate-secrets");
  const file = readFileSync(join(ROOT, "stacks/environment.schema.json"), "utf8");
  const environment = (JSON.parse(file) as Schema).properties?.["config"]?.properties?.[
    "bellwether:environment"
  ];

  it("has one row for each field of an environment that names a secret, and no other", () => {
    const paths = [...new Set(secretPaths(environment ?? {}, ""))];
    expect(paths.length).toBeGreaterThan(6);
    expect(
      mainTable(page)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(paths.sort());
  });

  it("has one row for each kind of Grafana that notifies receivers", () => {
    const kinds = rowsAfter(page, "| `grafana.kind` |").map(([kind]) => kind);
    const grafana = environment?.properties?.["grafana"];
    const known = [...JSON.stringify(grafana).matchAll(/"kind":\{[^{}]*"const":"([a-z-]+)"/g)];
    const names = known.map(([, name]) => `\`${name}\``).filter((name) => kinds.includes(name));
    expect(kinds.length).toBe(3);
    expect(new Set(names)).toEqual(new Set(kinds));
  });

  it("says of each how long the old value is used, and in each section how to check the new one", () => {
    for (const { oldValue } of mainTable(page)) expect(oldValue).toMatch(/^(for up to|until) /);
    for (const title of [
      "Receivers",
      "Password of admin",
      "Key of Grafana's database",
      "Token of an existing Grafana",
    ]) {
      const [, section = ""] = page.split(`\n## ${title}\n`);
      expect(section.split("\n## ")[0], title).toMatch(/To check it, |send a test alert .* and check that/);
    }
  });
});
