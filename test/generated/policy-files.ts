import { readFileSync } from "node:fs";
import { levelsOf, PACKS } from "../../policies/packs/packs.ts";
import { policies } from "../../policies/rules/index.ts";
import { AREAS, type Policy, TIERS } from "../../policies/rules/policy.ts";
import { type Control, STANDARDS } from "../../policies/rules/standards.ts";

// What follows from the policies: the levels of each tier, and the table in docs/how-to/policies.md.

const ROOT = new URL("../../", import.meta.url);
const DOCUMENTATION = "docs/how-to/policies.md";
const TABLE = /<!-- policies -->[\s\S]*<!-- \/policies -->/;

/** The content of each file, by its path in the repository. */
export function policyFiles(): Readonly<Record<string, string>> {
  const levels = PACKS.flatMap((pack) =>
    TIERS.map((tier) => [
      `policies/packs/${pack}/config/${tier}.json`,
      `${JSON.stringify(levelsOf(pack, tier), null, 2)}\n`,
    ]),
  );
  const page = readFileSync(new URL(DOCUMENTATION, ROOT), "utf8");
  const table = `<!-- policies -->\n${documentation()}\n<!-- /policies -->`;
  return Object.fromEntries([
    ...levels,
    [DOCUMENTATION, page.replace(TABLE, () => table)],
    ...policies.map((policy) => [`docs/reference/policies/${policy.id}.md`, pageOf(policy)]),
    ["docs/reference/policies/README.md", index()],
    ["docs/reference/compliance.md", compliance()],
  ]);
}

/** The page of a policy, which its messages link to. */
function pageOf({
  id,
  title,
  why,
  fix,
  severity,
  levels,
  standards,
  settings,
  pack,
  scope,
  ...rest
}: Policy): string {
  const types = "types" in rest ? (rest.types ?? []) : [];
  const remedies = "remedies" in rest ? rest.remedies : undefined;
  const judges =
    scope === "stack"
      ? "The resources of a stack together. The engine asks it at the end, if every resource passed the policies for single resources."
      : types.length === 0
        ? "Each resource."
        : `Each resource of the types ${types.map((type) => `\`${type}\``).join(", ")}.`;
  return [
    `# ${id}`,
    "",
    `**${escaped(title)}** ${escaped(why)}`,
    "",
    `*Fix:* ${escaped(fix)}.`,
    "",
    `| pack | severity | ${TIERS.join(" | ")} |`,
    `|---|---|${TIERS.map(() => "---").join("|")}|`,
    `| \`${pack}\` | ${severity} | ${TIERS.map((tier) => levels[tier]).join(" | ")} |`,
    "",
    "## What it judges",
    "",
    judges,
    "",
    ...(remedies === undefined
      ? []
      : [
          "At the level `remediate` it sets what is left out: [how](../../how-to/policies.md#let-a-policy-set-what-is-left-out).",
          "",
        ]),
    "## Settings",
    "",
    ...(settings === undefined
      ? ["Only its level."]
      : [
          "| setting | default | content |",
          "|---|---|---|",
          ...Object.entries(settings).map(
            ([name, { description, default: otherwise }]) =>
              `| \`${name}\` | ${code(JSON.stringify(otherwise))} | ${cell(description)} |`,
          ),
        ]),
    "",
    "In the file of `--policy-pack-config`:",
    "",
    "```json",
    JSON.stringify({ [id]: { enforcementLevel: "mandatory", ...defaultsOf(settings) } }, null, 2),
    "```",
    "",
    "## Standards",
    "",
    standards.length === 0
      ? "None asks for it."
      : `It answers to ${standards.join("; ")}: [what is covered](../compliance.md).`,
    "",
  ].join("\n");
}

function defaultsOf(settings: Policy["settings"] = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { default: otherwise }]) => [name, otherwise]),
  );
}

function index(): string {
  return [
    "# The policies",
    "",
    "A page for each policy. [How to use them](../../how-to/policies.md) · [what they answer to](../compliance.md)",
    "",
    "| policy | pack | rule |",
    "|---|---|---|",
    ...policies.map(({ id, pack, title }) => `| [\`${id}\`](${id}.md) | \`${pack}\` | ${cell(title)} |`),
    "",
  ].join("\n");
}

/** Which control of which standard has policies. */
function compliance(): string {
  return [
    "# What the policies answer to",
    "",
    "“in part” says what stays open. A control without a policy is “not at all”. The list of controls and the judgement are ours; no",
    "institution has confirmed them.",
    "",
    ...STANDARDS.flatMap(({ prefix, title, url, extent, controls }) => [
      `## ${title}`,
      "",
      `[${title}](${url}). ${extent}`,
      "",
      "| control | it asks for | covered | policies |",
      "|---|---|---|---|",
      ...controls.map((control) => controlRow(prefix, control)),
      "",
    ]),
  ].join("\n");
}

function controlRow(prefix: string, { id, asks, open }: Control): string {
  const answering = policies.filter(({ standards }) => standards.includes(`${prefix} ${id}`));
  const covered = answering.length === 0 ? "not at all" : open === undefined ? "covered" : `in part: ${open}`;
  const links = answering.map((policy) => `[\`${policy.id}\`](policies/${policy.id}.md)`).join(", ");
  return `| ${id} | ${cell(asks)} | ${cell(covered)} | ${links || "–"} |`;
}

/** Text of a page outside a table. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;");
}

/** A code span in a table. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
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
    `<a id="${id}"></a>[\`${id}\`](../reference/policies/${id}.md)`,
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
