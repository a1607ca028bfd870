import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { checkedService, type ServiceDefinition } from "../../components/service/model.ts";
import { type Answers, interview } from "../new-service/interview.ts";
import { writing } from "../writing.ts";
import { projectFiles } from "./project-files.ts";

/** What a project is written for. */
export interface ProjectOf {
  /** The platform's stack, as `<organisation>/<project>/<stack>`. */
  readonly platform: string;
  /** The context of the platform's cluster in the kubeconfig of who deploys. Default: the current one. */
  readonly context: string | undefined;
}

/**
 * Writes a Pulumi project with one service to a folder; returns what to do next. Throws an InvalidInputError that lists every wrong
 * answer and every file that is there already, before anything is written.
 */
export async function writeProject(
  folder: string,
  { platform, context }: ProjectOf,
  answers: Answers,
): Promise<string> {
  const content = { project: projectName(folder), platform, context, versions: versions() };
  // Which files there are does not depend on the program.
  const paths = [...projectFiles({ ...content, program: "" }).keys()];
  const problems = paths.filter((file) => existsSync(join(folder, file))).map(alreadyThere);
  const definition = await definitionFrom(answers, problems);
  if (definition === undefined || problems.length > 0) throw new InvalidInputError("init", problems);
  writeAll(folder, projectFiles({ ...content, program: programSource(definition, platform) }));
  const outputs = `platforms/${platform.replaceAll("/", ".")}.json`;
  return [
    "Written:",
    ...paths.map((file) => `  ${file}`),
    "",
    "Next:",
    "  npm install",
    `  mkdir -p platforms && pulumi stack output --json --stack ${platform} > ${outputs}`,
    "  npx bellwether preview",
    "",
  ].join("\n");
}

function alreadyThere(path: string): Problem {
  return {
    path,
    found: "a file that exists already",
    allowed: "a folder without it",
    fix: "change to an empty folder, or remove the file",
  };
}

/** The service of the answers; undefined where problems were added. */
async function definitionFrom(answers: Answers, problems: Problem[]): Promise<ServiceDefinition | undefined> {
  try {
    const definition = await interview(answers, { teams: [], taken: [] });
    const checked = checkedService(definition);
    if (checked.ok) return definition;
    problems.push(...checked.problems);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    problems.push(...error.problems);
  }
  return undefined;
}

/** The program: the platform, the definition, and the monitoring of the service. */
function programSource(definition: ServiceDefinition, platform: string): string {
  const source = definitionSource([definition], "bellwether");
  const [, ...rest] = source.split("\n");
  return [
    'import { defineService, Platform, ServiceMonitoring } from "bellwether";',
    "",
    `const platform = await Platform.fromStack(${JSON.stringify(platform)});`,
    rest
      .join("\n")
      .trim()
      .replace(/^export const \w+/, "const service"),
    `new ServiceMonitoring(${JSON.stringify(definition.name)}, { service, platform });`,
    "",
  ].join("\n");
}

/** A name that npm and Pulumi accept, from the folder's. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return name === "" ? "monitoring" : name.slice(0, 100);
}

/** The versions that this release is tested with: what its own package.json says. */
function versions(): Readonly<Record<string, string>> {
  const file = new URL("../../package.json", import.meta.url);
  const nearest = existsSync(file) ? file : new URL("../../../package.json", import.meta.url);
  const { version, devDependencies } = JSON.parse(readFileSync(nearest, "utf8")) as {
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return { ...devDependencies, bellwether: version };
}

/** Writes all files or none: what was written before one that cannot be is removed. */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      const file = join(folder, path);
      writing(file, () => {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text, { flag: "wx" });
        written.push(file);
      });
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
}
