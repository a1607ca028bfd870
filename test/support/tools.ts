import { createHash, randomUUID } from "node:crypto";
import { access, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run, stream } from "./process.ts";
import { RECIPES, type Recipe, type ToolName } from "./recipes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, ".cache", "tools");

/** A tool cannot be had. The message says what to install. */
class ToolUnavailable extends Error {
  override readonly name = "ToolUnavailable";
}

const known = new Map<ToolName, Promise<string>>();

/**
 * The path of a tool's executable: the one on PATH if it is of exactly the pinned version, else one built from source into
 * .cache/tools, once. The first build of all takes minutes; a line on standard error tells how far it is.
 *
 * @throws {ToolUnavailable} when it must be built and Go is missing or too old, or does not build it.
 */
export function tool(name: ToolName): Promise<string> {
  let path = known.get(name);
  if (path === undefined) {
    path = find(name);
    known.set(name, path);
  }
  return path;
}

/** The version that go.mod pins, as the tool prints it: `3.13.5` for promtool. */
export async function pinnedVersion(name: ToolName): Promise<string> {
  const recipe = RECIPES[name];
  return recipe.release(await requiredModuleVersion(recipe));
}

async function requiredModuleVersion(recipe: Recipe): Promise<string> {
  const goMod = await readFile(join(familyFolder(recipe), "go.mod"), "utf8");
  for (const line of goMod.split("\n")) {
    const [module, version] = line.replace(/^\s*(require\s+)?/, "").split(/\s+/);
    if (module === recipe.goModule && version?.startsWith("v")) return version.slice(1);
  }
  throw new Error(`test/tools/${recipe.family}/go.mod does not require ${recipe.goModule}`);
}

async function find(name: ToolName): Promise<string> {
  const recipe = RECIPES[name];
  const version = await pinnedVersion(name);
  const installed = await findOnPath(name, version);
  if (installed !== undefined) return installed;

  const folder = join(CACHE, `${name}-${version}-${await digestOf(recipe)}`);
  const binary = join(folder, name);
  if (await exists(binary)) return binary;

  // The lock saves work, nothing more: a build ends with a rename, so two at once would both be right.
  return withLock(join(CACHE, `${name}.lock`), async () => {
    if (await exists(binary)) return binary;
    const unfinished = join(CACHE, `building-${name}-${randomUUID()}`);
    try {
      await build(name, version, join(unfinished, name));
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return binary;
  });
}

/** The executable on PATH, if it says that it is of this very version. */
async function findOnPath(name: ToolName, version: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, name);
    if (!isAbsolute(folder) || !(await exists(file))) continue;
    const result = await run(file, RECIPES[name].versionArguments).catch(() => undefined);
    if (result?.code !== 0) continue;
    const printed = /\bv?(\d+\.\d+\.\d+\S*)/.exec(result.stdout + result.stderr);
    if (printed?.[1] === version) return file;
  }
  return undefined;
}

/** Changes when anything changes that the binary depends on, so that a stale one is never used. */
async function digestOf(recipe: Recipe): Promise<string> {
  const hash = createHash("sha256");
  const own = [...Object.values(recipe.added ?? {}), ...(recipe.sources ?? [])];
  for (const file of ["go.mod", "go.sum", ...own]) {
    hash.update(await readFile(join(familyFolder(recipe), file)));
  }
  hash.update(JSON.stringify(buildArguments(recipe, "")));
  return hash.digest("hex").slice(0, 8);
}

function buildArguments(recipe: Recipe, version: string): string[] {
  const variables = recipe.versionVariables.map(([variable, value]) => ` -X ${variable}=${value(version)}`);
  return [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    ...(recipe.tags ? [`-tags=${recipe.tags.join(",")}`] : []),
    // No symbol table, no debugging information: a third smaller, and linked sooner.
    `-ldflags=-s -w${variables.join("")}`,
  ];
}

async function build(name: ToolName, version: string, output: string): Promise<void> {
  const recipe = RECIPES[name];
  const cwd = familyFolder(recipe);
  await requireGo(name, version, recipe);

  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  let compiled = 0;
  let downloaded = 0;
  const log: string[] = [];
  report(`building ${name} ${version} with Go: once, a few minutes`);
  const additions = join(dirname(output), "additions");
  const progress = setInterval(() => {
    report(`${name}: ${seconds()}, ${downloaded} modules fetched, ${compiled} packages compiled`);
  }, 10_000);
  try {
    const modfile = await addFiles(recipe, additions);
    const code = await stream(
      "go",
      [...buildArguments(recipe, version), ...modfile, "-v", "-o", output, recipe.goPackage],
      { cwd, env: goEnvironment() },
      (line) => {
        if (line.startsWith("go: downloading ")) downloaded += 1;
        else if (/^[\w.\-/]+$/.test(line)) compiled += 1;
        else log.push(line);
      },
    );
    if (code !== 0) {
      throw new ToolUnavailable(
        `${name} ${version} does not build in test/tools/${recipe.family}:\n${log.join("\n")}`,
      );
    }
  } finally {
    clearInterval(progress);
  }
  await rm(additions, { recursive: true, force: true });
  report(`${name} ${version} built in ${seconds()}`);
}

/** Go as the build needs it: no C compiler, and no workspace file of a folder above. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
}

async function requireGo(name: ToolName, version: string, recipe: Recipe): Promise<void> {
  const goMod = await readFile(join(familyFolder(recipe), "go.mod"), "utf8");
  const needed = /^go (\S+)$/m.exec(goMod)?.[1] ?? "";
  const remedy =
    `${name} ${version} is not on PATH, and building it needs Go ${needed} or newer. ` +
    `Install Go from https://go.dev/dl/, or put ${name} ${version} on PATH.`;
  const go = await run("go", ["env", "GOVERSION"], {
    cwd: familyFolder(recipe),
    env: goEnvironment(),
  }).catch(() => undefined);
  if (go === undefined) throw new ToolUnavailable(`Go is not on PATH. ${remedy}`);
  if (go.code !== 0) throw new ToolUnavailable(`${remedy} Go says: ${go.stderr.trim()}`);
}

/**
 * Go puts no file into a module of its cache, overlay or not. So the module is copied, the files are added to the copy, and
 * a go.mod beside it, otherwise the same, replaces the one by the other.
 *
 * @returns the arguments that make `go build` use that go.mod.
 */
async function addFiles(recipe: Recipe, folder: string): Promise<string[]> {
  if (recipe.added === undefined) return [];
  const cwd = familyFolder(recipe);
  const copy = join(folder, "module");
  const original = await moduleFolder(recipe);
  for (const entry of await readdir(original, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(copy, relative(original, source));
    // Made here and not copied, since the folders of the module cache are read-only.
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
  }
  for (const [path, source] of Object.entries(recipe.added)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await copyFile(join(cwd, source), join(copy, path));
  }
  const goMod = await readFile(join(cwd, "go.mod"), "utf8");
  await writeFile(
    join(folder, "go.mod"),
    `${goMod}\nreplace ${recipe.goModule} => ${JSON.stringify(copy)}\n`,
  );
  await copyFile(join(cwd, "go.sum"), join(folder, "go.sum"));
  return [`-modfile=${join(folder, "go.mod")}`];
}

async function moduleFolder(recipe: Recipe): Promise<string> {
  const options = { cwd: familyFolder(recipe), env: goEnvironment() };
  const downloaded = await run("go", ["mod", "download", recipe.goModule], options);
  if (downloaded.code !== 0) {
    throw new ToolUnavailable(`${recipe.goModule} is not to be had:\n${downloaded.stderr}`);
  }
  const listed = await run("go", ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", recipe.goModule], options);
  return listed.stdout.trim();
}

async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let waiting = false;
  while (!(await take(path))) {
    if (!waiting) report(`another process is building (${path}): waiting`);
    waiting = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Takes the lock, or removes one whose holder is no more; false when it is held. */
async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (!isNodeError(error) || error.code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(path, "utf8").catch(() => "0"));
  if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isNodeError(error) && error.code === "EPERM";
  }
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function familyFolder(recipe: Recipe): string {
  return join(ROOT, "test", "tools", recipe.family);
}

function report(line: string): void {
  process.stderr.write(`[tools] ${line}\n`);
}
