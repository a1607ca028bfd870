import { readFileSync } from "node:fs";
import { InvalidInputError, type Problem, shown } from "../components/core/problems.ts";
import { nearest } from "../components/core/validation.ts";
import { definitionSource } from "../components/exchange/definition-source.ts";
import {
  exportService,
  FORMATS,
  type Format,
  type Imported,
  type ImportOptions,
  importServices,
  type Loss,
} from "../components/exchange/model.ts";
import { SERVICE_TIERS, type Service } from "../components/service/model.ts";
import type { Outcome } from "./command-line/outcome.ts";

/** The definitions of the services in files of Sloth, Pyrra or OpenSLO, or in PrometheusRules. Throws an InvalidInputError for what is no such file. */
export function importCommand(paths: readonly string[], options: ImportFlags): Outcome {
  const { definitions, losses } = readFiles("import", paths, options);
  return { text: definitions.length > 0 ? definitionSource(definitions) : "", report: lossReport(losses) };
}

/** What a command line says of services whose files do not say it. */
export type ImportFlags = Omit<ImportOptions, "tier"> & { readonly tier?: string };

/** The services in files, for a command of this name. Throws an InvalidInputError with every mistake. */
export function readFiles(command: string, paths: readonly string[], options: ImportFlags): Imported {
  const tier = SERVICE_TIERS.find((each) => each === options.tier);
  const { tier: given, ...rest } = options;
  const problems = [
    ...(given !== undefined && tier === undefined ? [noSuch("--tier", given, SERVICE_TIERS)] : []),
    ...(paths.length === 0
      ? [{ path: command, found: "no file", allowed: "one file or more", fix: "name the files" }]
      : []),
  ];
  const files = paths.flatMap((path) => {
    try {
      return [{ name: path, text: readFileSync(path, "utf8") }];
    } catch (error) {
      problems.push(unreadable(path, error));
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidInputError(command, problems);
  const imported = importServices(files, { ...rest, ...(tier && { tier }) });
  if (!imported.ok) throw new InvalidInputError(command, imported.problems);
  return imported.value;
}

/** A service as a file of another format. Throws an InvalidInputError for a service or a format that does not exist. */
export function exportCommand(
  services: readonly Service[],
  name: string | undefined,
  format: string | undefined,
  environment?: string,
): Outcome {
  const service = services.find((each) => each.name === name);
  const known = FORMATS.find((each): each is Format => each === format);
  const names = services.map((each) => each.name);
  const problems = [
    ...(service === undefined ? [noSuch("export", name, names)] : []),
    ...(known === undefined ? [noSuch("--format", format, FORMATS)] : []),
  ];
  if (service === undefined || known === undefined) throw new InvalidInputError("export", problems);
  const { text, losses } = exportService(service, known, environment);
  return { text, report: lossReport(losses) };
}

function noSuch(path: string, found: string | undefined, names: readonly string[]): Problem {
  const near = found === undefined ? undefined : nearest(found, names);
  return {
    path,
    found: shown(found),
    allowed: names.length > 0 ? `one of ${names.join(", ")}` : "none: no service is defined",
    fix: near === undefined ? "name one of them" : `write ${near}`,
  };
}

function unreadable(path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  return {
    path,
    found:
      code === "ENOENT"
        ? "no such file"
        : code === "EISDIR"
          ? "a folder"
          : `a file that cannot be read (${code})`,
    allowed: "a file of Sloth, Pyrra or OpenSLO, or a PrometheusRule",
    fix: "correct the path",
  };
}

/** What was lost, in the manner of problems. */
export function lossReport(losses: readonly Omit<Loss, "kind">[]): string {
  if (losses.length === 0) return "";
  const count = losses.length === 1 ? "1 thing is" : `${losses.length} things are`;
  const entries = losses.map(
    ({ path, value, reason, instead }) =>
      `  ${path}\n    lost     ${value}\n    because  ${reason}\n    instead  ${instead}`,
  );
  return [`${count} not carried over`, ...entries, ""].join("\n");
}
