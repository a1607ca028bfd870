import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, YAMLParseError } from "yaml";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { syntaxProblems } from "../loading.ts";

/** A Pulumi project of a team, as its files describe it. */
export interface TeamProject {
  readonly name: string;
  /** Where Pulumi.yaml is. */
  readonly folder: string;
  /** The module that is the program. */
  readonly entry: string;
  /** The stacks that have a file, by name. */
  readonly stacks: readonly string[];
  readonly stacksFolder: string;
}

/** A stack's config as a program reads it. */
export interface StackConfig {
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

const ENTRIES = ["index.ts", "index.mts", "index.js", "index.mjs"];
const STACK_FILE = /^Pulumi\.([A-Za-z0-9][A-Za-z0-9._-]*)\.ya?ml$/;

/** The project whose Pulumi.yaml is in the folder. Throws an InvalidInputError where there is none, or no program. */
export function readProject(folder: string): TeamProject {
  const file = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (file === undefined)
    throw refusal("bellwether", {
      path: folder,
      found: "no Pulumi.yaml",
      allowed: "the folder of a Pulumi project",
      fix: "change to the folder that holds your program, or write one: docs/how-to/own-repository.md",
    });
  const settings = (readYaml(file) ?? {}) as {
    readonly name?: string;
    readonly main?: string;
    readonly stackConfigDir?: string;
  };
  const stacksFolder = resolve(folder, settings.stackConfigDir ?? ".");
  return {
    name: settings.name ?? "team",
    folder,
    entry: entryOf(resolve(folder, settings.main ?? "."), file),
    stacks: readdirSync(stacksFolder)
      .flatMap((name) => STACK_FILE.exec(name)?.[1] ?? [])
      .sort(),
    stacksFolder,
  };
}

/** Pulumi's own order: what `main` names; in a folder, what its package.json names; else an index. */
function entryOf(main: string, file: string): string {
  if (existsSync(main) && statSync(main).isFile()) return main;
  const manifest = join(main, "package.json");
  const named = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, "utf8")) as { readonly main?: string }).main
    : undefined;
  const candidates = [...(named === undefined ? [] : [named]), ...ENTRIES].map((name) => resolve(main, name));
  const entry = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (entry !== undefined) return entry;
  throw refusal(relative("", file), {
    path: "main",
    found: `no program in ${relative("", main) || "."}`,
    allowed: `a module, such as ${ENTRIES.join(" or ")}`,
    fix: "write the program there, or name it as main",
  });
}

/** A stack's config: encrypted values as stand-ins, since a preview never decrypts; none for a stack without a file. */
export function readConfig({ name, stacks, stacksFolder }: TeamProject, stack: string): StackConfig {
  const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`]
    .map((each) => join(stacksFolder, each))
    .find((path) => existsSync(path));
  if (file === undefined) {
    if (stacks.length === 0) return { config: {}, secretKeys: [] };
    const near = nearest(stack, stacks);
    throw refusal("bellwether preview", {
      path: stack,
      found: "a stack without a file",
      allowed: `one of ${stacks.join(", ")}`,
      fix:
        near === undefined
          ? `write Pulumi.${stack}.yaml, or name a stack that exists`
          : `did you mean ${near}?`,
    });
  }
  const { config = {} } = (readYaml(file) ?? {}) as { readonly config?: Readonly<Record<string, unknown>> };
  const entries = Object.entries(config ?? {}).map(([key, value]) => ({
    // Pulumi's own reading: a key without a namespace is the project's.
    key: key.includes(":") ? key : `${name}:${key}`,
    value: isEncrypted(value)
      ? "placeholder-for-a-secret"
      : typeof value === "string"
        ? value
        : JSON.stringify(value),
    secret: isEncrypted(value),
  }));
  return {
    config: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    secretKeys: entries.filter(({ secret }) => secret).map(({ key }) => key),
  };
}

/** The outputs of platforms that are kept in the project: `platforms/<organisation>.<project>.<stack>.json` each. */
export function readPlatforms(folder: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const platforms = join(folder, "platforms");
  if (!existsSync(platforms)) return {};
  return Object.fromEntries(
    readdirSync(platforms)
      .filter((file) => file.endsWith(".json"))
      .map((file) => [stackOf(file), readJson(join(platforms, file))]),
  );
}

function stackOf(file: string): string {
  return file.slice(0, -".json".length).replaceAll(".", "/");
}

/**
 * Imports the program, through tsx where Node itself does not read TypeScript. Throws an InvalidInputError for a file that cannot be
 * loaded, and what the program throws as it is.
 */
export async function importProgram({ entry, folder }: TeamProject): Promise<unknown> {
  if (/\.[cm]?ts$/.test(entry)) await registerTypeScript();
  try {
    return (await import(pathToFileURL(entry).href)) as unknown;
  } catch (error) {
    const problems = error instanceof Error ? syntaxProblems(error, folder) : undefined;
    throw problems === undefined ? error : new InvalidInputError(relative("", entry), problems);
  }
}

/** Both halves of tsx: what a module of one kind imports may be of the other. */
async function registerTypeScript(): Promise<void> {
  try {
    const [commonJs, modules] = await Promise.all([import("tsx/cjs/api"), import("tsx/esm/api")]);
    commonJs.register();
    modules.register();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    if ((process.features as { readonly typescript?: unknown }).typescript) return;
    throw refusal("bellwether preview", {
      path: "package.json",
      found: "a program in TypeScript, but nothing that can run it",
      allowed: "tsx, or Node 22.18 or newer, which reads TypeScript by itself",
      fix: "npm install --save-dev tsx",
    });
  }
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  } catch {
    throw refusal(relative("", file), {
      path: relative("", file),
      found: "a file that is no JSON",
      allowed: "what pulumi stack output --json prints",
      fix: `run: pulumi stack output --json --stack ${stackOf(file.slice(dirname(file).length + 1))} > ${relative("", file)}`,
    });
  }
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw refusal(relative("", file), {
      path: relative("", file),
      found: shown(error.message.split("\n")[0]),
      allowed: "YAML that can be read",
      fix: "correct the syntax",
    });
  }
}

function isEncrypted(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).join() === "secure";
}

function refusal(subject: string, problem: Problem): InvalidInputError {
  return new InvalidInputError(subject, [problem]);
}
