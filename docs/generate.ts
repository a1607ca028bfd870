import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CATALOGUE } from "../components/alerts/catalogue/index.ts";
import { catalogueTables, expectationTable, type TierOverrides } from "../components/alerts/documentation.ts";
import { alertsSettings } from "../components/alerts/model.ts";
import { runbookFacts, runbookIndex, runbookProof } from "../components/alerts/runbooks.ts";
import { GRAFANA_ALERTS } from "../components/grafana/alerting/catalogue/index.ts";
import {
  grafanaRunbookFacts,
  grafanaRunbookIndex,
  grafanaRunbookProof,
} from "../components/grafana/alerting/documentation.ts";
import { TIER_DEFAULTS } from "../stacks/tiers.ts";

// Writes what the pages say of the catalogue of alerts: `node --import tsx docs/generate.ts`. People write the rest of them. A test holds
// the files in step.

const ROOT = new URL("../", import.meta.url);

/** Every page with its generated parts made anew, by its path in the repository. */
export function generatedPages(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    alertsPage(),
    runbookIndexPage(),
    ...CATALOGUE.map((alert) => runbookPage(alert, runbookFacts(alert), runbookProof(alert))),
    ...GRAFANA_ALERTS.map((alert) =>
      runbookPage(alert, grafanaRunbookFacts(alert), grafanaRunbookProof(alert)),
    ),
  ]);
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

function alertsPage(): [path: string, text: string] {
  const path = "docs/alerts.md";
  const parts = { expected: expectationTable(), catalogue: catalogueTables(tierOverrides()) };
  const text = Object.entries(parts).reduce(
    (page, [name, part]) => between(page, `<!-- ${name} -->`, `<!-- /${name} -->`, `\n\n${part}\n\n`),
    read(path),
  );
  return [path, text];
}

function tierOverrides(): TierOverrides {
  return Object.fromEntries(
    Object.entries(TIER_DEFAULTS).map(([tier, { alerts }]) => [tier, alertsSettings.parse(alerts).overrides]),
  );
}

function runbookIndexPage(): [path: string, text: string] {
  const path = "docs/runbooks/README.md";
  return [path, `${upTo(read(path), "\n## ")}\n${runbookIndex()}\n\n${grafanaRunbookIndex()}\n`];
}

function runbookPage(
  { name, impact }: { readonly name: string; readonly impact: string },
  facts: string,
  proof: string,
): [path: string, text: string] {
  const path = `docs/runbooks/${name}.md`;
  const page = read(path);
  const withFacts = between(page, "\n\n|", "\n\n## Impact", facts.slice(1));
  const withImpact = between(withFacts, "## Impact\n", "\n## Diagnosis", `\n${impact}\n`);
  return [path, `${upTo(withImpact, "## How it was tested")}## How it was tested\n\n${proof}\n`];
}

function upTo(text: string, mark: string): string {
  const index = text.indexOf(mark);
  if (index === -1) throw new Error(`a page has no ${JSON.stringify(mark)}`);
  return text.slice(0, index);
}

/** The text with what stands between two marks replaced. */
function between(text: string, first: string, last: string, content: string): string {
  const start = `${upTo(text, first)}${first}`;
  const end = text.indexOf(last, start.length);
  if (end === -1) throw new Error(`a page has no ${JSON.stringify(last)}`);
  return `${start}${content}${text.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of Object.entries(generatedPages())) writeFileSync(new URL(path, ROOT), text);
