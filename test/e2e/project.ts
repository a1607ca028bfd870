import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { build } from "esbuild";
import { type Finished, run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { WORLD_VARIABLE } from "./providers/simulator.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The day that these tests are run at, whenever they run. */
export const TODAY = "2026-11-23";

const PROVIDERS = ["aws", "kubernetes", "grafana"] as const;

/**
 * The project as the real engine deploys it, in a folder of its own: the repository's Pulumi.yaml and stack files, copied, since
 * the engine writes secrets into the stack file, and a test must not change the repository. State, plugins and the simulated
 * clouds are in the same folder, so that nothing outside it is read or written.
 */
export interface TemporaryProject {
  readonly folder: string;
  /** What the CLI needs to know of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the simulators keep what exists. */
  readonly world: string;
  /** Makes a stack that has a file in stacks/, or in another folder, to be deployed with an inline program. */
  readonly createStack: (stack: string, program: PulumiFn, folder?: string) => Promise<Stack>;
  /** Copies a stack's file from stacks/, or from another folder. */
  readonly copyStackFile: (stack: string, folder?: string) => Promise<void>;
  /**
   * Runs the Pulumi CLI itself in the project's folder; what it runs is the program that Pulumi.yaml names. `variables` are set
   * for this run alone.
   */
  readonly pulumi: (
    args: readonly string[],
    input?: string,
    variables?: Readonly<Record<string, string>>,
  ) => Promise<Finished>;
  /** The stack's state as the backend keeps it. */
  readonly state: (stack: string) => Promise<State>;
  readonly remove: () => Promise<void>;
}

/** The part of a state file that the tests read. */
export interface State {
  readonly resources: readonly StateResource[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  /** URN and id, with `::` between them. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * `kubeconfig` is what the program finds a cluster's context in. Default: one with the context of `local` and a server that nobody
 * reaches, as the simulated provider needs none. Sets KUBECONFIG, since inline programs run in this process.
 */
export async function createProject(given: { readonly kubeconfig?: string } = {}): Promise<TemporaryProject> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-engine-"));
  const world = join(folder, "world");
  for (const name of ["bin", "home", "stacks", "state", "world"]) await mkdir(join(folder, name));
  await copyFile(join(ROOT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  // Where `main` of Pulumi.yaml is, and what Node looks for above it.
  for (const name of ["infra", "package.json"]) await symlink(join(ROOT, name), join(folder, name));
  await installPlugins(join(folder, "bin"));
  const kubeconfig =
    given.kubeconfig ?? (await writeKubeconfig(join(folder, "kubeconfig"), ["kind-bellwether"]));
  process.env["KUBECONFIG"] = kubeconfig;
  const pulumiCommand = await PulumiCommand.get({ root: folder });
  const envVars = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    BELLWETHER_TODAY: TODAY,
    KUBECONFIG: kubeconfig,
    [WORLD_VARIABLE]: world,
  };

  const copyStackFile = (stack: string, from = "stacks") => {
    const file = `Pulumi.${stack}.yaml`;
    return copyFile(join(ROOT, from, file), join(folder, "stacks", file));
  };

  return {
    folder,
    env: envVars,
    world,
    copyStackFile,
    async createStack(stackName, program, from) {
      await copyStackFile(stackName, from);
      return await LocalWorkspace.createStack(
        { stackName, projectName: "bellwether", program },
        { workDir: folder, pulumiCommand, envVars },
      );
    },
    pulumi: (args, input, variables = {}) =>
      run(join(folder, "bin", "pulumi"), [...args, "--non-interactive"], {
        cwd: folder,
        env: { ...process.env, ...envVars, ...variables },
        // Less than a test's own limit: an engine that does not end must not outlive its test.
        timeout: 4 * 60_000,
        ...(input === undefined ? {} : { input }),
      }),
    async state(stack) {
      const file = join(folder, "state", ".pulumi", "stacks", "bellwether", `${stack}.json`);
      const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as {
        readonly checkpoint: { readonly latest?: { readonly resources?: readonly StateResource[] } };
      };
      return { resources: checkpoint.latest?.resources ?? [] };
    },
    remove: async () => {
      await endProgramsOf(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends every process whose command names the folder: a killed engine leaves the program that it ran, and that goes on. */
export async function endProgramsOf(folder: string): Promise<void> {
  const { stdout } = await run("pgrep", ["-f", folder]);
  const found = stdout.split("\n").filter((line) => line !== "");
  if (found.length > 0) await run("kill", ["-KILL", ...found]);
}

/** A kubeconfig with contexts that lead nowhere; returns its path. */
export async function writeKubeconfig(file: string, contexts: readonly string[]): Promise<string> {
  const named = (key: string, value: unknown) => contexts.map((name) => ({ name, [key]: value }));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: named("cluster", { server: "https://127.0.0.1:1" }),
    users: named("user", {}),
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** The engine looks for its plugins on PATH, by name: a shell script each, that starts what it is with Node. */
async function installPlugins(bin: string): Promise<void> {
  await symlink(await tool("pulumi"), join(bin, "pulumi"));
  const require = createRequire(join(ROOT, "package.json"));
  const tsx = require.resolve("tsx");
  for (const name of PROVIDERS) {
    const main = join(ROOT, "test", "e2e", "providers", name, "main.ts");
    await writeScript(join(bin, `pulumi-resource-${name}`), ["--import", tsx, main]);
  }
  const languageHost = join(bin, "language-host.mjs");
  await compile(join(ROOT, "test", "e2e", "language-host", "main.ts"), languageHost);
  await writeScript(join(bin, "pulumi-language-nodejs"), [languageHost]);
  const runPolicyPack = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  await writeScript(join(bin, "pulumi-analyzer-policy-nodejs"), [runPolicyPack]);
}

/**
 * Compiles a program and what it imports into one file. The engine starts the language host once more for each policy pack and waits for it, and
 * Pulumi's own is a binary that starts at once: started through a loader of TypeScript, the stand-in would be a cost that no user has.
 */
async function compile(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    packages: "external",
    platform: "node",
    logLevel: "silent",
    // It finds packages where its source is.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(entry).href) },
  });
}

async function writeScript(path: string, nodeArguments: readonly string[]): Promise<void> {
  const words = [process.execPath, ...nodeArguments].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  await writeFile(path, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`);
  await chmod(path, 0o755);
}

/** Why an operation of the engine failed, without the list of resources: what the policies say, and the errors. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split(" err?: Error:")[0]?.split("\n") ?? [];
  const told = lines.findIndex((line) => /^(Policies|Diagnostics):/.test(line));
  return (told === -1 ? lines : lines.slice(told)).filter((line) => !line.includes(" warning: ")).join("\n");
}

/** The operation's result. Its failure, if it fails, says why in as few lines as can be. */
export async function succeeded<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** Why the operation failed. */
export async function failureOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
  } catch (error) {
    return reasonOf(error);
  }
  throw new Error("the operation succeeded");
}
