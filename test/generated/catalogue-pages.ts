import { readFileSync } from "node:fs";
import { CATALOGUE } from "../../components/alerts/catalogue/index.ts";
import {
  catalogueTables,
  expectationTable,
  type TierOverrides,
} from "../../components/alerts/documentation.ts";
import { alertsSettings } from "../../components/alerts/model.ts";
import { runbookFacts, runbookIndex, runbookProof } from "../../components/alerts/runbooks.ts";
import { GRAFANA_ALERTS } from "../../components/grafana/alerting/catalogue/index.ts";
import {
  grafanaRunbookFacts,
  grafanaRunbookIndex,
  grafanaRunbookProof,
} from "../../components/grafana/alerting/documentation.ts";
import { TIER_DEFAULTS } from "../../stacks/tiers.ts";

// The parts of docs/alerts.md and of the runbooks that follow from the catalogue of alerts. The rest of these pages is written manually.

const ROOT = new URL("../../", import.meta.url);

/** Every page with its generated parts replaced, by its path in the repository. */
export function cataloguePages(): Readonly<Record<string, string>> {
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
