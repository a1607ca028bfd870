import { readFileSync } from "node:fs";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import type { Outcome } from "../command-line/outcome.ts";
import { type ImportFlags, importCommand, lossReport } from "../exchange.ts";
import { environmentFrom, isValues } from "../kube-prometheus-stack/environment.ts";
import { services } from "./services.ts";

/** What a command line says of an import in the platform's repository. */
export type RepositoryImportFlags = ImportFlags & {
  readonly name?: string;
  readonly context?: string;
};

/** Service definitions, or the environment of a values.yaml. Throws an InvalidInputError for what is neither. */
export async function importInRepository(
  paths: readonly string[],
  { name: environment, context, ...flags }: RepositoryImportFlags,
): Promise<Outcome> {
  const files = paths.flatMap(readable);
  const [file] = files.filter(({ text }) => isValues(text));
  if (file === undefined) {
    const idle = Object.entries({ name: environment, context }).filter(([, value]) => value !== undefined);
    if (idle.length > 0)
      throw new InvalidInputError(
        "import",
        idle.map(([flag, value]) => ({
          path: `--${flag}`,
          found: `${shown(value)}, without a values.yaml`,
          allowed: "the flag beside a values.yaml of kube-prometheus-stack",
          fix: "leave it out, or name that file",
        })),
      );
    return importCommand(paths, flags);
  }
  const problems = [
    ...(paths.length > 1
      ? [
          {
            path: file.name,
            found: `values of kube-prometheus-stack beside ${paths.length - 1} more`,
            allowed: "one values.yaml and no other file",
            fix: "merge the files as Helm does, or import each alone",
          },
        ]
      : []),
    ...(environment === undefined
      ? [
          {
            path: "--name",
            found: "nothing",
            allowed: "the name of the environment that the values become",
            fix: "add --name <name>",
          },
        ]
      : []),
  ];
  if (problems.length > 0 || environment === undefined) throw new InvalidInputError("import", problems);
  const { text, losses } = environmentFrom(file, {
    environment,
    ...(context !== undefined && { context }),
    ...(flags.owner !== undefined && { owner: flags.owner }),
    services: await services(),
    today: new Date().toISOString().slice(0, 10),
  });
  return { text, report: lossReport(losses) };
}

/** A file that cannot be read is told of by the import of definitions. */
function readable(path: string): readonly { readonly name: string; readonly text: string }[] {
  try {
    return [{ name: path, text: readFileSync(path, "utf8") }];
  } catch {
    return [];
  }
}
