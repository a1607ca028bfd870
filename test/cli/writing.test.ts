import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceFolder } from "../../cli/artefacts/folder.ts";
import { preview } from "../../cli/preview.ts";
import { writing } from "../../cli/writing.ts";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { STACK_TRACE } from "./command-line.ts";
import { samplePlatform, stackText, TODAY, type Workspace, workspace } from "./sample.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-writing-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemOf(write: () => unknown): Problem | undefined {
  try {
    write();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems[0];
  }
  return undefined;
}

describe("what cannot be written", () => {
  it.each([
    ["no space left", "ENOSPC", () => "/dev/full", "free some space"],
    [
      "a place that this user may not write to",
      "EPERM|EACCES",
      () => "/proc/sys/kernel/version",
      "permissions",
    ],
    ["a folder where a file must be", "EISDIR", () => folder, "remove what is in the way"],
    ["a path that is too long", "ENAMETOOLONG", () => join(folder, "x".repeat(300)), "shorter path"],
  ])("is a mistake that says: %s", (found, code, path, fix) => {
    const problem = problemOf(() => writing(path(), () => writeFileSync(path(), "text")));
    expect(problem?.path).toBe(path());
    expect(problem?.found).toContain(found);
    expect(problem?.found).toMatch(new RegExp(`\\((?:${code}): `));
    expect(problem?.fix).toContain(fix);
  });

  it("is a mistake where a file is in the place of a folder, named by its path", () => {
    writeFileSync(join(folder, "file"), "");
    const problem = problemOf(() => replaceFolder(join(folder, "file/below/prod"), new Map([["a", "b"]])));
    expect(problem?.path).toContain(join(folder, "file"));
    expect(problem?.found).toContain("a file where a folder must be");
  });

  it("stays the error that it is where the program is wrong", () => {
    expect(() => writing("x", () => JSON.parse("{"))).toThrow(SyntaxError);
    expect(() => writing("x", () => writeFileSync(join(folder, "no/such/folder"), ""))).toThrow("ENOENT");
  });

  it("leaves no half of a folder behind", () => {
    const files = new Map([
      ["a", "file"],
      ["a/b", "file below a file"],
    ]);
    expect(problemOf(() => replaceFolder(join(folder, "prod"), files))).toBeDefined();
    expect(existsSync(join(folder, "prod"))).toBe(false);
  });
});

describe("standard output", () => {
  const command = [process.execPath, "cli/bellwether.js", "rules", "--environment", "prod"];

  it("that is full is a mistake with exit code 2", () => {
    const full = openSync("/dev/full", "w");
    const [program = "", ...args] = command;
    const { status, stderr } = spawnSync(program, args, {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain("standard output\n    found    no space left (ENOSPC");
    expect(stderr).not.toMatch(STACK_TRACE);
  });

  it("whose reader stops reading, as head does, is no mistake and no defect", () => {
    const line = `${command.join(" ")} | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "groups:\n0\n", stderr: "" });
  });
});

describe("a preview whose folder cannot be written", () => {
  let files: Workspace;
  beforeEach(() => {
    files = workspace({ dev: stackText("dev"), local: stackText("local") });
  });
  afterEach(() => files.dispose());

  it("reports the environment with the path, and is no defect", async () => {
    const platform = samplePlatform();
    const options = {
      environments: ["local"],
      today: TODAY,
      stacksFolder: files.stacksFolder,
      outFolder: files.outFolder,
      progress: { step: () => undefined },
    };
    // While the preview runs, somebody puts a file where it writes.
    const promises: typeof platform.promises = (environment) => {
      rmSync(files.outFolder, { recursive: true, force: true });
      writeFileSync(files.outFolder, "in the way");
      return platform.promises(environment);
    };
    const { previewed, mistaken } = await preview({ ...platform, promises }, options);
    expect(previewed).toEqual([]);
    expect(mistaken).toMatchObject([
      {
        stack: "local",
        path: join(files.outFolder, "local"),
        problems: [
          {
            path: expect.stringContaining(files.outFolder),
            found: expect.stringMatching(/^a file where a folder must be.*ENOTDIR/),
          },
        ],
      },
    ]);
  });

  it("still writes the others", async () => {
    const platform = samplePlatform();
    mkdirSync(files.outFolder, { recursive: true });
    const { previewed, mistaken } = await preview(
      {
        ...platform,
        tests: (environment) =>
          environment.name === "dev"
            ? platform.tests(environment)
            : [{ files: () => ({ ["x".repeat(300)]: TEST_FILE }) }],
      },
      {
        environments: [],
        today: TODAY,
        stacksFolder: files.stacksFolder,
        outFolder: files.outFolder,
        progress: { step: () => undefined },
      },
    );
    expect(previewed.map(({ stack }) => stack)).toEqual(["dev"]);
    expect(mistaken.map(({ stack, problems }) => [stack, problems[0]?.fix])).toEqual([
      ["local", "write to a folder with a shorter path"],
    ]);
    expect(existsSync(join(files.outFolder, "dev/report.html"))).toBe(true);
  });
});

const TEST_FILE = { rule_files: [], evaluation_interval: "30s", tests: [] } as const;
