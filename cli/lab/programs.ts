import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { VERSIONS } from "../../components/core/versions.ts";
import { PLATFORM_FOLDER, TOOLS_FOLDER } from "../folders.ts";
import { programOnPath } from "../local/program.ts";

const NAMES = ["prometheus", "alertmanager"] as const;
type Name = (typeof NAMES)[number];

/** A program of the lab, and where it was found. */
interface FoundProgram {
  readonly path: string;
  readonly version: string;
  readonly from: "PATH" | "a build with Go";
}

type LabPrograms = Readonly<Record<Name, FoundProgram>>;

/** Where programs are looked for, and how they are built. */
interface Places {
  readonly env: NodeJS.ProcessEnv;
  /** Where what was built is kept. */
  readonly builds?: string;
  /** Builds programs from source into that folder. False: they do not build. */
  readonly build?: (names: readonly string[]) => Promise<boolean>;
}

/**
 * The programs of the versions that are deployed: on PATH, or built from the Go modules that this repository pins. What is in neither place is
 * built now where Go is on PATH. Throws an InvalidInputError that names every one that is missing then, and how to get it.
 */
export async function labPrograms({ env, builds = TOOLS_FOLDER, build }: Places): Promise<LabPrograms> {
  const first = search(env, builds);
  if (first.ok) return first.programs;
  const isBuilt =
    build !== undefined && programOnPath("go", env) !== undefined && (await build(first.missing));
  const second = isBuilt ? search(env, builds) : first;
  if (second.ok) return second.programs;
  throw new InvalidInputError("lab", second.problems);
}

/** Builds programs with Go. How far it is goes to standard error. */
export function buildPrograms(names: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const script = join(PLATFORM_FOLDER, "test/support/build-programs.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, ...names], {
    cwd: PLATFORM_FOLDER,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}

type Searched =
  | { readonly ok: true; readonly programs: LabPrograms }
  | { readonly ok: false; readonly missing: readonly Name[]; readonly problems: readonly Problem[] };

function search(env: NodeJS.ProcessEnv, builds: string): Searched {
  const problems: Problem[] = [];
  const found = new Map<Name, FoundProgram>();
  for (const name of NAMES) {
    const program = find(name, env, builds, problems);
    if (program !== undefined) found.set(name, program);
  }
  if (problems.length === 0) return { ok: true, programs: Object.fromEntries(found) as LabPrograms };
  return { ok: false, missing: NAMES.filter((name) => !found.has(name)), problems };
}

function find(
  name: Name,
  env: NodeJS.ProcessEnv,
  builds: string,
  problems: Problem[],
): FoundProgram | undefined {
  const version = VERSIONS[name];
  const onPath = programOnPath(name, env);
  const its = onPath === undefined ? undefined : versionOf(onPath);
  if (onPath !== undefined && its === version) return { path: onPath, version, from: "PATH" };
  const folder = built(builds, `${name}-${version}-`);
  if (folder !== undefined) return { path: join(folder, name), version, from: "a build with Go" };
  problems.push({
    path: "PATH",
    found: its === undefined ? `no ${name}` : `${name} ${its}`,
    allowed: `${name} ${version}, which is deployed`,
    fix: `put ${name} ${version} from https://prometheus.io/download/ on PATH, or install Go from https://go.dev/dl/, with which the lab builds it once`,
  });
  return undefined;
}

/** What `--version` says, such as 3.13.5. */
function versionOf(program: string): string | undefined {
  const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 10_000 });
  return /version v?(\d+\.\d+\.\d+\S*)/.exec(`${stdout}${stderr}`)?.[1];
}

function built(builds: string, prefix: string): string | undefined {
  if (!existsSync(builds)) return undefined;
  const folder = readdirSync(builds).find((entry) => entry.startsWith(prefix));
  return folder === undefined ? undefined : join(builds, folder);
}
