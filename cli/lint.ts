import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { CHECK_IDS } from "../components/lint/findings.ts";
import { type LintResult, lint } from "../components/lint/lint.ts";
import { groupsOf } from "../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../policies/rules/alerting/surroundings.ts";
import type { StackResource } from "../policies/rules/resource.ts";
import { Value } from "../policies/rules/value.ts";

// Lints a folder of Kubernetes objects, wherever they come from:
//
//   node --import tsx cli/lint.ts out/prod/manifests
//
// Rules are judged by the monitors, the Prometheus and the Alertmanager that stand in the same folder. Exits 1 with findings.

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

function print({ findings, dependencies }: LintResult): void {
  for (const { check, rule, group, source, what, fix } of findings)
    console.log(`${source}, group ${group}\n  ${rule} ${what}\n  Fix: ${fix} (${check})\n`);
  for (const { from, to, records } of dependencies)
    console.log(
      `The group ${from} reads ${records.join(", ")} of the group ${to}, up to an evaluation late.`,
    );
  for (const id of CHECK_IDS) {
    const count = findings.filter(({ check }) => check === id).length;
    if (count > 0) console.log(`${String(count).padStart(4)}  ${id}`);
  }
  console.log(`${String(findings.length).padStart(4)}  findings`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (folder === undefined)
    throw new Error("which folder? node --import tsx cli/lint.ts <folder of manifests>");
  const result = lintFolder(folder, new Date().toISOString().slice(0, 10));
  print(result);
  process.exitCode = result.findings.length > 0 ? 1 : 0;
}
