import { readFileSync } from "node:fs";
import { levelsOf } from "../../policies/packs/levels.ts";
import { policies } from "../../policies/rules/index.ts";
import { AREAS, type Policy, TIERS } from "../../policies/rules/policy.ts";

// What follows from the policies: the levels of each tier, and the table in docs/how-to/policies.md.

const ROOT = new URL("../../", import.meta.url);
const DOCUMENTATION = "docs/how-to/policies.md";
const TABLE = /<!-- policies -->[\s\S]*<!-- \/policies -->/;

/** The content of each file, by its path in the repository. */
export function policyFiles(): Readonly<Record<string, string>> {
  const levels = TIERS.map((tier) => [
    `policies/packs/reliability/config/${tier}.json`,
    `${JSON.stringify(levelsOf(tier), null, 2)}\n`,
  ]);
  const page = readFileSync(new URL(DOCUMENTATION, ROOT), "utf8");
  const table = `<!-- policies -->\n${documentation()}\n<!-- /policies -->`;
  return Object.fromEntries([...levels, [DOCUMENTATION, page.replace(TABLE, () => table)]]);
}

function documentation(): string {
  return AREAS.flatMap((area) => [
    `### ${area[0]?.toUpperCase()}${area.slice(1)}`,
    "",
    "| policy | rule, and why | severity | production | staging | development | local |",
    "|---|---|---|---|---|---|---|",
    ...policies.filter((policy) => policy.area === area).map(row),
    "",
  ])
    .join("\n")
    .trim();
}

function row({ id, title, why, fix, severity, levels }: Policy): string {
  const cells = [
    `<a id="${id}"></a>\`${id}\``,
    `**${cell(title)}** ${cell(why)} *Fix:* ${cell(fix)}.`,
    severity,
    ...TIERS.map((tier) => (levels[tier] === "disabled" ? "–" : levels[tier])),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A bar would end the cell, and an angle bracket begin a tag. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
