import { spawn } from "node:child_process";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recoveryFrom } from "../../../cli/recovery.ts";
import { blocksOf, howTo } from "../../docs/page.ts";
import { run } from "../../support/process.ts";
import { done as mustDo, projectWith } from "../command-line.ts";
import { endProgramsOf, type TemporaryProject } from "../project.ts";
import { type Interruption, interruptionVariable } from "../providers/interruption.ts";
import { everythingIn, fileOf } from "../providers/simulator.ts";

// What docs/how-to/recover.md says, after `pulumi up -s local` was interrupted: the engine was killed, or the API server answered no
// more. Either way the last object exists and the state does not know it.

const POINTS: readonly Interruption[] = [
  ...[1, 14, 33, 58, 85].map((after) => ({ how: "killed", after }) as const),
  ...[1, 9, 27, 50, 80].map((after) => ({ how: "away", after }) as const),
];

const RELEASE = "kubernetes:helm.sh/v3:Release";

const blocks = blocksOf(howTo("recover"))
  .filter(({ language }) => language === "sh")
  .map(({ text }) => text.trim().replaceAll("--stack prod", "--stack local").split("\n"));
const [commands = []] = blocks;

/** The lines of the block of the page that has a text. */
function blockWith(text: string): readonly string[] {
  const found = blocks.find((lines) => lines.join("\n").includes(text));
  if (found === undefined) throw new Error(`docs/how-to/recover.md has no block with ${text}`);
  return found;
}

/** Without the digits of generated names: an object with one is created anew, and the first one stays, as the page says. */
function named(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.replace(/-[0-9a-f]{8}$/, "")))];
}

describe("the commands of docs/how-to/recover.md", () => {
  let project: TemporaryProject;
  /** The state before the first `up`. */
  let fresh: string;
  /** Everything that a deployment creates that is not interrupted. */
  let whole: readonly string[];

  beforeAll(async () => {
    project = await projectWith("local");
    fresh = join(project.folder, "fresh");
    await cp(join(project.folder, "state"), fresh, { recursive: true });
    // Where the page has its state.
    await mkdir(join(project.folder, ".cache"));
    await symlink(join(project.folder, "state"), join(project.folder, ".cache", "pulumi-state"));
    await done(["up", "--yes", "--skip-preview", "--stack", "local"]);
    whole = await everythingIn(project.world);
  });
  afterAll(() => project?.remove());

  const done = (...command: Parameters<TemporaryProject["pulumi"]>) => mustDo(project, ...command);

  async function startAgain() {
    await endProgramsOf(project.folder);
    for (const folder of ["state", "world"])
      await rm(join(project.folder, folder), { recursive: true, force: true });
    await cp(fresh, join(project.folder, "state"), { recursive: true });
    await mkdir(project.world);
  }

  /** A killed engine may leave a file that it cannot read: the page has the command. */
  async function removeEmptySidecars() {
    const [line = ""] = blockWith("-name '*.attrs'");
    const { code, stderr } = await run("bash", ["-c", line], { cwd: project.folder });
    expect(code, stderr).toBe(0);
  }

  /** What `pulumi stack export` says of the stack, as `bellwether recover` reads it. */
  async function recovery() {
    const file = join(project.folder, "state.json");
    await done(["stack", "export", "--stack", "local", "--file", file]);
    return recoveryFrom(file);
  }

  /** What the command does that `bellwether recover` prints for a Helm release: which one was begun last differs from run to run. */
  async function removeRecords(text: string) {
    for (const [, namespace, name] of text.matchAll(
      /kubectl delete secret --namespace (\S+) --selector owner=helm,name=(\S+)/g,
    ))
      await rm(fileOf(project.world, "kubernetes", RELEASE, `${namespace}/${name}`), { force: true });
  }

  /** Runs a line of the page. */
  async function runLine(line: string) {
    if (line.includes("bellwether recover")) return await removeRecords((await recovery()).text);
    const [, assignment, text = ""] = /^(?:([A-Z0-9_]+=\S+) )?pulumi (.+)$/.exec(line) ?? [];
    const variables = assignment === undefined ? {} : Object.fromEntries([assignment.split("=", 2)]);
    const args = text.split(" ").filter((word) => word !== "--non-interactive");
    const isConfirmed = !/^(up|cancel)\b/.test(text) || args.includes("--yes");
    return await done(isConfirmed ? args : [...args, "--yes"], undefined, variables);
  }

  it("end with a check that nothing is left to do", () => {
    expect(commands.join("\n")).toContain("PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack local");
    expect(commands.at(-1)).toBe("pulumi preview --refresh --expect-no-changes --stack local");
  });

  it.each(POINTS.map((point) => [point.how, point.after, point] as const))(
    "bring local to no change after it was %s at request %i",
    async (_how, _after, point) => {
      await startAgain();
      const variables = interruptionVariable(point);
      const interrupted = await project.pulumi(
        ["up", "--yes", "--skip-preview", "--stack", "local"],
        undefined,
        variables,
      );
      expect(interrupted.code).not.toBe(0);
      const before = await everythingIn(project.world);
      expect(before.length).toBeGreaterThanOrEqual(point.after);
      expect(before.length).toBeLessThan(whole.length);
      await removeEmptySidecars();
      if (point.how === "killed") expect((await recovery()).interrupted).toBeGreaterThan(0);

      for (const line of commands) await runLine(line);

      expect(named(await everythingIn(project.world))).toEqual(named(whole));
      expect((await recovery()).interrupted).toBe(0);
    },
  );
});

describe("the command of docs/how-to/recover.md for a process that stays", () => {
  it.each(["run", "run-policy-pack"])("lists what Pulumi runs as %s, with its number", async (name) => {
    const file = createRequire(import.meta.url).resolve(`@pulumi/pulumi/cmd/${name}/index.js`);
    const stays = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)", file], {
      stdio: "ignore",
    });
    const [line = ""] = blockWith("pgrep");
    const numbers = async () => {
      const { stdout } = await run("bash", ["-c", line]);
      return stdout.split("\n").map((row) => Number(row.split(" ")[0]));
    };
    expect(await numbers()).toContain(stays.pid);
    await run("kill", [String(stays.pid)]);
    await new Promise((resolve) =>
      (stays.exitCode ?? stays.signalCode) === null ? stays.once("exit", resolve) : resolve(undefined),
    );
    expect(await numbers()).not.toContain(stays.pid);
  });
});
