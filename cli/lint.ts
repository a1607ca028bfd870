import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { CHECK_IDS } from "../components/lint/findings.ts";
import { type LintResult, lint } from "../components/lint/lint.ts";
import { groupsOf } from "../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../policies/rules/alerting/surroundings.ts";
import type { StackResource } from "../policies/rules/resource.ts";
import { Value } from "../policies/rules/value.ts";

/** The objects of a folder's YAML files, as policies see resources; `urn` is the file and the object's name. */
export function objectsOf(folder: string): StackResource[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file) && statSync(join(folder, file)).isFile())
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(folder, file), "utf8")).flatMap((document) =>
        itemsOf(document.toJS(), file),
      ),
    );
}

function itemsOf(raw: unknown, file: string): StackResource[] {
  const object = new Value(raw);
  const kind = object.at("kind").text();
  if (kind === undefined) return [];
  if (kind.endsWith("List")) {
    const { items } = raw as { readonly items?: readonly unknown[] };
    return (items ?? []).flatMap((item) => itemsOf(item, file));
  }
  const version = object.at("apiVersion").text() ?? "v1";
  const name = object.at("metadata", "name").text() ?? "";
  return [
    {
      type: `kubernetes:${version.includes("/") ? version : `core/${version}`}:${kind}`,
      name,
      urn: `${file}: ${name}`,
      protect: false,
      properties: object,
      sources: {},
    },
  ];
}

/** Everything that the linter says of a folder. */
export function lintFolder(folder: string, today: string): LintResult {
  const objects = objectsOf(folder);
  return lint(groupsOf(objects).groups, surroundingsOf(objects).surroundings, { today });
}

/** The findings as text: each with its fix, then their number by check. */
export function lintText({ findings, dependencies }: LintResult): string {
  const counts = CHECK_IDS.map((id) => [findings.filter(({ check }) => check === id).length, id] as const);
  const lines = [
    ...findings.map(
      ({ check, rule, group, source, what, fix }) =>
        `${source}, group ${group}\n  ${rule} ${what}\n  fix: ${fix} (${check})\n`,
    ),
    ...dependencies.map(
      ({ from, to, records }) =>
        `The group ${from} reads ${records.join(", ")} of the group ${to}, up to one evaluation interval late.`,
    ),
    ...[...counts, [findings.length, "findings"] as const]
      .filter(([count, id]) => count > 0 || id === "findings")
      .map(([count, id]) => `${String(count).padStart(4)}  ${id}`),
  ];
  return `${lines.join("\n")}\n`;
}
