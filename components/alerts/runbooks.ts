import { DASHBOARDS } from "../signals/panels.ts";
import type { CataloguedAlert } from "./catalogue/index.ts";
import { CATALOGUE } from "./catalogue/index.ts";
import { AREAS, shownThreshold } from "./definition.ts";

// The generated parts of the pages under docs/runbooks: an alert's numbers and test cases. The rest of a page is written manually. A test
// keeps the pages in step.

/** The first table of an alert's page. */
export function runbookFacts(alert: CataloguedAlert): string {
  const { severity, threshold, area, signal } = alert;
  const limit = threshold
    ? `${shownThreshold(threshold.default, threshold.unit)} (${shownThreshold(threshold.min, threshold.unit)} to ${shownThreshold(threshold.max, threshold.unit)}): ${threshold.means}`
    : "none";
  const rows = [
    ["severity", severity],
    ["for", alert.for],
    ...(alert.keepFiringFor === undefined ? [] : [["keep_firing_for", alert.keepFiringFor]]),
    ["limit", limit],
    ["area", area],
    ["panel", signal ? `${signal.title} (dashboard ${DASHBOARDS[signal.dashboard]})` : "none"],
  ];
  return table(["", "default"], rows);
}

/** The test cases in which the alert fires and in which it does not. */
export function runbookProof({ name, cases }: CataloguedAlert): string {
  return [
    "promtool tests these cases with the deployed version of Prometheus, on series in the exporters' format:",
    "",
    ...cases.map(({ title }) => `- ${name} ${title}`),
  ].join("\n");
}

/** The index of all pages, area by area. */
export function runbookIndex(): string {
  return AREAS.map((area) => {
    const rows = CATALOGUE.filter((alert) => alert.area === area).map((alert) => [
      `[${alert.name}](${alert.name}.md)`,
      alert.severity,
      alert.for,
      alert.threshold ? shownThreshold(alert.threshold.default, alert.threshold.unit) : "",
      alert.impact,
    ]);
    return `## ${area}\n\n${table(["alert", "severity", "for", "limit", "what it means"], rows)}`;
  }).join("\n\n");
}

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
