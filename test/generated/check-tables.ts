import { readFileSync } from "node:fs";
import { GRAFANA_CHECKS } from "../../components/grafana/lint/grafana-checks.ts";
import { DASHBOARD_CHECKS } from "../../components/grafana/lint/lint.ts";
import { CHECK_FACTS } from "../../components/lint/findings.ts";

// The tables of the linter's checks, in the pages that explain it.

const ROOT = new URL("../../", import.meta.url);

/** The pages with the tables replaced, by their paths in the repository. */
export function checkPages(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    withTable("docs/how-to/lint-rules.md", "rule checks", ruleTable()),
    withTable("docs/how-to/look-at-dashboards.md", "dashboard checks", dashboardTable()),
  ]);
}

function ruleTable(): string {
  return [
    "| check | requirement and reason | fix |",
    "|---|---|---|",
    ...CHECK_FACTS.map(({ id, title, why, fix }) => row(`\`${id}\``, `**${title}** ${why}`, fix)),
  ].join("\n");
}

function dashboardTable(): string {
  return [
    "| check | source | requirement |",
    "|---|---|---|",
    ...DASHBOARD_CHECKS.map((check) =>
      row(`\`${check.id}\``, GRAFANA_CHECKS.includes(check) ? "Grafana's" : "ours", check.title),
    ),
  ].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
}

function withTable(path: string, name: string, table: string): [path: string, text: string] {
  const text = readFileSync(new URL(path, ROOT), "utf8");
  const between = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
  if (!between.test(text)) throw new Error(`${path} has no <!-- ${name} --> and <!-- /${name} -->`);
  return [path, text.replace(between, () => `<!-- ${name} -->\n${table}\n<!-- /${name} -->`)];
}
