import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { VERSIONS } from "../../components/core/versions.ts";
import { TOOLS_FOLDER } from "../folders.ts";
import { programOnPath } from "../local/program.ts";

const NAMES = ["prometheus", "alertmanager"] as const;
type Name = (typeof NAMES)[number];

/** A program of the lab, and where it was found. */
export interface FoundProgram {
  readonly path: string;
  readonly version: string;
  readonly from: "PATH" | "the tests' build";
}

/**
 * The programs of the versions that are deployed: on PATH, or as the tests have built them. Throws an InvalidInputError that names every
 * one that is missing, and how to get it.
 */
export function labPrograms(
  env: NodeJS.ProcessEnv,
  builds = TOOLS_FOLDER,
): Readonly<Record<Name, FoundProgram>> {
  const problems: Problem[] = [];
  const found = NAMES.flatMap((name) => {
    const program = find(name, { env, builds }, problems);
    return program === undefined ? [] : [[name, program] as const];
  });
  if (problems.length > 0) throw new InvalidInputError("lab", problems);
  return Object.fromEntries(found) as Record<Name, FoundProgram>;
}

interface Places {
  readonly env: NodeJS.ProcessEnv;
  /** Where the tests keep what they built. */
  readonly builds: string;
}

function find(name: Name, { env, builds }: Places, problems: Problem[]): FoundProgram | undefined {
  const version = VERSIONS[name];
  const onPath = programOnPath(name, env);
  const its = onPath === undefined ? undefined : versionOf(onPath);
  if (onPath !== undefined && its === version) return { path: onPath, version, from: "PATH" };
  const folder = built(builds, `${name}-${version}-`);
  if (folder !== undefined) return { path: join(folder, name), version, from: "the tests' build" };
  problems.push({
    path: "PATH",
    found: its === undefined ? `no ${name}` : `${name} ${its}`,
    allowed: `${name} ${version}, which is deployed`,
    fix: `put ${name} ${version} from https://prometheus.io/download/ on PATH, or run npm test once, which builds it with Go`,
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
