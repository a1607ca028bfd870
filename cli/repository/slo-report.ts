import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import type { ErrorBudgetSettings } from "../../components/error-budget/model.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { refuseForeignFiles, replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { SLO_REPORT_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { JOURNEYS_FILE, MAINTENANCE_FILE, readJourneys, readMaintenance } from "../slo-report/files.ts";
import { lastMonth, monthOf } from "../slo-report/month.ts";
import { reportSlos } from "../slo-report/report.ts";
import { sloReportHtml, sloReportText } from "../slo-report/shown.ts";
import { stackFilePath } from "../stack-file.ts";
import { readEnvironment } from "./environment.ts";

/** How a report is asked for. */
interface SloReportFlags {
  readonly prometheus: string;
  /** Such as 2026-10. Default: the last month. */
  readonly month?: string;
  readonly stacks?: string;
  readonly out?: string;
}

/** Reports the objectives of a Prometheus over a month, writes the report and prints a summary. */
export async function writeSloReport(
  { prometheus, month: name, stacks, out }: SloReportFlags,
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const now = Date.now() / 1000;
  const month = monthOf(name ?? lastMonth(now), now);
  if (month === undefined || month.to <= month.from)
    throw new InvalidInputError("slo-report", [
      {
        path: "--month",
        found: shown(name),
        allowed: "a month that has begun, such as 2026-10",
        fix: "correct it",
      },
    ]);
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const maintenance = readMaintenance(join(stacksFolder, MAINTENANCE_FILE));
  const journeys = readJourneys(join(stacksFolder, JOURNEYS_FILE));
  const policyOf = (environment: string) => errorBudgetOf(environment, stacksFolder);
  const outFolder = out === undefined ? SLO_REPORT_FOLDER : resolve(folder, out);
  refuseForeignFiles("slo-report", outFolder, ["slo-report.html", "slo-report.json"]);
  const report = await reportSlos({ prometheus, month, maintenance, journeys, policyOf }, env);
  replaceFolder(
    outFolder,
    new Map([
      ["slo-report.html", sloReportHtml(report)],
      ["slo-report.json", `${JSON.stringify(report, null, 2)}\n`],
    ]),
  );
  const page = relative(folder, join(outFolder, "slo-report.html"));
  stdout.write(sloReportText(report, paintFor(stdout, env), page));
  return EXIT.fine;
}

/**
 * The error budget policy in the file of an environment; undefined where it has none or there is no such file, as for a Prometheus of
 * another repository. Throws an InvalidInputError for a file with mistakes.
 */
async function errorBudgetOf(name: string, stacksFolder: string): Promise<ErrorBudgetSettings | undefined> {
  if (!existsSync(stackFilePath(stacksFolder, name))) return undefined;
  return (await readEnvironment(name, stacksFolder)).errorBudget;
}
