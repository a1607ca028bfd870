import { CATALOGUE, type CataloguedAlert } from "./catalogue/index.ts";
import { AREAS, shownThreshold } from "./definition.ts";
import { EXPECTED } from "./expected.ts";
import type { AlertOverride } from "./model.ts";
import { table } from "./runbooks.ts";

/** The overrides of each tier, by tier and alert. */
export type TierOverrides = Readonly<Record<string, Readonly<Record<string, AlertOverride>>>>;

/** Every alert with its numbers, area by area, and the tiers that override them. */
export function catalogueTables(tiers: TierOverrides): string {
  const differ = CATALOGUE.some((alert) => tierDifferences(alert, tiers) !== "");
  const intro = differ
    ? "Where the last column is empty, every tier has the same numbers."
    : `Every tier (${Object.keys(tiers).join(", ")}) has the same numbers.`;
  const tables = AREAS.map((area) => {
    const rows = CATALOGUE.filter((alert) => alert.area === area).map((alert) => [
      `[${alert.name}](runbooks/${alert.name}.md)`,
      gist(alert),
      alert.for,
      alert.severity,
      parameters(alert),
      ...(differ ? [tierDifferences(alert, tiers)] : []),
    ]);
    const head = ["alert", "summary", "for", "severity", "limit, and its allowed range"];
    return `### ${area}\n\n${table([...head, ...(differ ? ["tiers that differ"] : [])], rows)}`;
  });
  return [intro, ...tables].join("\n\n");
}

/** Alerts of common collections, and the alerts of this catalogue that correspond to them. */
export function expectationTable(): string {
  return table(
    ["alert in common collections", "its usual condition", "here", "reason for the difference"],
    EXPECTED.map(({ what, commonly, alerts, because }) => [
      what,
      commonly,
      alerts.length === 0 ? "no" : alerts.map((name) => `${name} (${numbers(name)})`).join(", "),
      because ?? "",
    ]),
  );
}

function numbers(name: string): string {
  const alert = CATALOGUE.find((candidate) => candidate.name === name);
  if (alert === undefined) throw new Error(`the catalogue has no alert ${name}`);
  const { threshold, severity } = alert;
  const limit = threshold ? [shownThreshold(threshold.default, threshold.unit)] : [];
  return [...limit, alert.for, severity].join(", ");
}

/** The summary with each label as its name in capitals, as in the runbooks. */
function gist({ summary }: CataloguedAlert): string {
  return summary.replaceAll(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, (_, label: string) => label.toUpperCase());
}

function parameters({ threshold, fixed }: CataloguedAlert): string {
  if (fixed) return "cannot be changed";
  if (threshold === undefined) return "";
  const [usual, least, most] = [threshold.default, threshold.min, threshold.max].map((value) =>
    shownThreshold(value, threshold.unit),
  );
  return `${usual} (${least} to ${most}): ${threshold.means}`;
}

function tierDifferences({ name }: CataloguedAlert, tiers: TierOverrides): string {
  return Object.entries(tiers)
    .flatMap(([tier, overrides]) => {
      const override = overrides[name];
      if (override === undefined) return [];
      const changes = Object.entries(override).map(([field, value]) => `${field} ${value}`);
      return [`${tier}: ${changes.join(", ")}`];
    })
    .join("; ");
}
