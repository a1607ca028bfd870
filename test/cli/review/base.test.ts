import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BaseNotPreviewed, findBase, previewBase } from "../../../cli/review/base.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "bellwether-base-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const WRITES = `
import { mkdirSync, writeFileSync } from "node:fs";
const out = process.argv[process.argv.indexOf("--out") + 1];
mkdirSync(out + "/prod/manifests", { recursive: true });
writeFileSync(out + "/prod/graph.json", JSON.stringify(process.argv.slice(2, 4)));
writeFileSync(out + "/prod/manifests/large.yaml", "not read");
`;

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=R", "-c", "user.email=r@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

/** A repository whose command line is a program of a few lines. */
function repository(name: string, main: string) {
  const root = join(scratch, name);
  mkdirSync(join(root, "cli"), { recursive: true });
  writeFileSync(join(root, "cli/main.ts"), main);
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
  git(root, "init", "--quiet", "--initial-branch=main");
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "--no-gpg-sign", "-m", "first");
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return { root, cache: join(scratch, `${name}-cache`) };
}

const previewed = (of: ReturnType<typeof repository>) => previewBase(findBase("main", of), "2026-11-23", of);

describe("the preview of a base", () => {
  it("has what a review reads and is kept", async () => {
    const of = repository("newer", WRITES);
    const folder = await previewed(of);
    expect(existsSync(join(folder, "prod/graph.json"))).toBe(true);
    expect(existsSync(join(folder, "prod/manifests"))).toBe(false);
    expect(await previewed(of)).toBe(folder);
  });

  it("is made in the same folder each time, and in another while a review has it or until it was abandoned", async () => {
    const where = `${WRITES}writeFileSync(out + "/prod/policies.json", process.cwd().split("/").at(-1));\n`;
    const of = repository("where", where);
    const made = async (day: string) => {
      const folder = await previewBase(findBase("main", of), day, of);
      return readFileSync(join(folder, "prod/policies.json"), "utf8");
    };
    expect([await made("2026-11-01"), await made("2026-11-02")]).toEqual(["tree", "tree"]);
    const usual = join(of.cache, "tree");
    mkdirSync(usual);
    expect(await made("2026-11-03")).toMatch(/^tree-.{6}$/);
    const hoursAgo = Date.now() / 1000 - 2 * 3600;
    utimesSync(usual, hoursAgo, hoursAgo);
    expect(await made("2026-11-04")).toBe("tree");
    expect(readdirSync(of.cache)).toEqual(["previews"]);
  });

  it("works with a commit whose preview does not know --comparable", async () => {
    const older = `if (process.argv.includes("--comparable")) { console.error("there is no flag --comparable"); process.exit(2); }\n`;
    const [imports = "", ...rest] = WRITES.trim().split("\n");
    expect(
      existsSync(
        join(await previewed(repository("older", [imports, older, ...rest].join("\n"))), "prod/graph.json"),
      ),
    ).toBe(true);
  });

  it("says why there is none, with the paths of the commit, and no secret", async () => {
    const throws = `throw new Error("refused by https://reader:Hunter2Hunter2@prometheus.example.com/api");`;
    const failed = await previewed(repository("throws", throws)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BaseNotPreviewed);
    const { message, why } = failed as BaseNotPreviewed;
    expect(why).toContain("Error: refused by [secret]");
    expect(message).toContain("main, which cannot be previewed: its preview ended with 1");
    expect(message).not.toContain("Hunter2");
    // Nor where the commit was checked out.
    expect(why).toContain("at <anonymous> (cli/main.ts:1:7)");
    expect(why).not.toContain(scratch);
  });

  it("names what to fetch for a commit that is not there, in a shallow clone with its depth", () => {
    const of = repository("fetched", WRITES);
    expect(() => findBase("release", of)).toThrow("git fetch origin release");
    const root = join(scratch, "shallow");
    git(of.root, "commit", "--quiet", "--no-gpg-sign", "--allow-empty", "-m", "second");
    git(scratch, "clone", "--quiet", "--depth=1", `file://${of.root}`, root);
    expect(() => findBase("HEAD~1", { root, cache: "" })).toThrow(
      "git fetch --depth=1 origin HEAD~1 and use --base FETCH_HEAD",
    );
  });
});
