import { formatProblems } from "../components/core/problems.ts";
import { growVolumesCommand } from "../infra/volumes.ts";
import type { MistakenStack } from "./environments.ts";
import type { Paint } from "./paint.ts";
import type { Previewed, PreviewResult, Progress } from "./preview.ts";
import { inBuildOrder } from "./report/components.ts";
import { passes, type Report } from "./report/model.ts";
import { count } from "./report/numbers.ts";

/** Progress as lines, with the seconds since the start. */
export function progressOn(stream: NodeJS.WritableStream, paint: Paint): Progress {
  const start = performance.now();
  return {
    step: (text) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
      stream.write(`${paint.dim(`${seconds} s`)}  ${text}\n`);
    },
  };
}

/** A line of {@link progressOn} without colours, in the output of another run. */
export const PROGRESS_LINE = /^ *\d+\.\d s {2}/;

/** Everything that a preview found, as text for a terminal. */
export function summary(
  { previewed, mistaken }: PreviewResult,
  paint: Paint,
  shownPath: (path: string) => string,
): string {
  const blocks = [
    previewed.length > 0 ? table(previewed, paint) : "",
    ...previewed.map((each) => refusals(each, paint)),
    ...previewed.map(({ report }) => secretsToSet(report, paint)),
    ...notices(previewed, paint),
    ...mistaken.map((stack) => mistakes(stack, paint)),
    previewed.length > 0 ? paint.dim(ABOUT_VOLUMES) : "",
    previewed.length > 0 ? reports(previewed, shownPath) : "",
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** A preview does not know which volumes exist, so that it always says what becomes of those. */
const ABOUT_VOLUMES = `pulumi up does not resize volumes that exist. After a changed size: ${growVolumesCommand("<environment>")}`;

/** One environment's mistakes: each with its path, what was found, what is allowed and the fix. */
function mistakes({ path, problems }: MistakenStack, paint: Paint): string {
  const [headline = "", ...rest] = formatProblems(path, problems).split("\n");
  return [paint.red(paint.bold(headline)), ...rest].join("\n");
}

interface Row {
  readonly label: string;
  readonly cells: readonly string[];
  readonly rule?: true;
  readonly paint?: (cell: string, index: number) => string;
}

function table(previewed: readonly Previewed[], paint: Paint): string {
  const reports = previewed.map(({ report }) => report);
  const cells = (cell: (report: Report) => string | number) => reports.map((report) => String(cell(report)));
  const verdictPaint = (text: string, index: number) => {
    const report = reports[index];
    return report !== undefined && passes(report) ? paint.green(text) : paint.red(text);
  };
  const rows: Row[] = [
    { label: "", cells: cells(({ environment }) => environment), paint: paint.bold },
    { label: "Tier", cells: cells(({ tier }) => tier) },
    { label: "Resources", cells: cells(resourcesOf), rule: true },
    ...groupTitles(reports).map((title) => ({
      label: `  ${title}`,
      cells: cells(({ components }) => groupSize(components, title) || "–"),
      paint: paint.dim,
    })),
    { label: "Alerts", cells: cells(({ alerts }) => alerts.length), rule: true },
    ...["critical", "warning", "info", "none"].map((severity) => ({
      label: `  ${severity}`,
      cells: cells(({ alerts }) => alerts.filter((alert) => alert.severity === severity).length || "–"),
      paint: paint.dim,
    })),
    {
      label: "  without a receiver",
      cells: cells(({ outcome }) => outcome.routing.length || "–"),
      paint: bad(paint),
    },
    { label: "Policies", cells: cells(({ policiesAsked }) => policiesAsked), rule: true },
    {
      label: "  violations",
      cells: cells(({ outcome }) => outcome.violations || "–"),
      paint: bad(paint),
    },
    { label: "  advisory", cells: cells(({ outcome }) => outcome.advice || "–"), paint: paint.dim },
    { label: "  waived", cells: cells(({ outcome }) => outcome.waived || "–"), paint: paint.dim },
    {
      label: "  checked at pulumi up",
      cells: cells(({ outcome }) => outcome.undecided || "–"),
      paint: paint.dim,
    },
    { label: "Secrets to set", cells: cells(({ outcome }) => outcome.secretsToSet || "–"), rule: true },
    {
      label: "Result",
      cells: cells((report) => (passes(report) ? "ready" : "not ready")),
      rule: true,
      paint: verdictPaint,
    },
  ];
  return layOut(rows, paint);
}

function bad(paint: Paint): (cell: string) => string {
  return (cell) => (cell.trim() === "–" ? paint.dim(cell) : paint.red(cell));
}

function layOut(rows: readonly Row[], paint: Paint): string {
  const width = Math.max(...rows.map(({ label }) => label.length));
  const columns =
    rows[0]?.cells.map((_, index) => Math.max(...rows.map(({ cells }) => (cells[index] ?? "").length))) ?? [];
  const rule = paint.dim("─".repeat(width + columns.reduce((sum, column) => sum + column + 3, 0)));
  return rows
    .flatMap(({ label, cells, rule: ruled, paint: cellPaint }) => {
      const padded = cells.map((cell, index) => cell.padStart(columns[index] ?? 0));
      const painted = padded.map((cell, index) => (cellPaint === undefined ? cell : cellPaint(cell, index)));
      return [...(ruled === true ? [rule] : []), [label.padEnd(width), ...painted].join("   ").trimEnd()];
    })
    .join("\n");
}

/** The components' titles in the order of the platform; the services together. */
function groupTitles(reports: readonly Report[]): readonly string[] {
  const groups = inBuildOrder(reports.flatMap(({ components }) => components));
  return [...new Set(groups.map(({ title }) => tableTitle(title)))];
}

function tableTitle(title: string): string {
  return title.startsWith("Service ") ? "Services" : title;
}

function groupSize(components: Report["components"], title: string): number {
  return components
    .filter((group) => tableTitle(group.title) === title)
    .reduce((sum, { resources }) => sum + resources.length, 0);
}

function resourcesOf({ components }: Report): number {
  return components.reduce((sum, { resources }) => sum + resources.length, 0);
}

function refusals({ stack, report }: Previewed, paint: Paint): string {
  if (passes(report)) return "";
  const { violations, routing } = report.outcome;
  const groups = report.policies.filter(({ verdict }) => verdict === "violation");
  return [
    paint.red(
      paint.bold(`${stack} is not ready to deploy: ${count(violations + routing.length, "finding")}`),
    ),
    ...groups.flatMap(({ policy, findings, fix }) => [
      `  ${paint.bold(policy)}`,
      ...findings.map(
        ({ resource, what }) => `    found    ${resource === undefined ? "" : `${resource}: `}${what}`,
      ),
      ...(fix === undefined ? [] : [`    fix      ${fix}`]),
    ]),
    ...(routing.length > 0 ? [`  ${paint.bold("routing")}`] : []),
    ...routing.map((problem) => `    found    ${problem}`),
  ].join("\n");
}

function secretsToSet({ environment, secrets }: Report, paint: Paint): string {
  const missing = secrets.filter(({ set }) => !set);
  if (missing.length === 0) return "";
  return [
    paint.yellow(`${environment}: ${count(missing.length, "secret")} to set before pulumi up`),
    ...missing.map(({ command }) => `  ${command}`),
  ].join("\n");
}

/** Each notice once, with the environments that it is about. */
function notices(previewed: readonly Previewed[], paint: Paint): readonly string[] {
  const all = [...new Set(previewed.flatMap(({ report }) => report.notices))];
  return all.map((notice) => {
    const about = previewed.filter(({ report }) => report.notices.includes(notice)).map(({ stack }) => stack);
    return `${paint.yellow(`${about.join(", ")}: notice`)}\n  ${notice}`;
  });
}

function reports(previewed: readonly Previewed[], shownPath: (path: string) => string): string {
  return ["Reports:", ...previewed.map(({ folder }) => `  ${shownPath(folder)}/report.html`)].join("\n");
}
