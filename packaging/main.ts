import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { RELEASE } from "../components/definitions.ts";
import { releaseProblems, releasesOf } from "./changelog.ts";
import { commitProblems } from "./commits.ts";
import { sbomOf } from "./sbom.ts";

// What the workflows run, and CONTRIBUTING.md names. Exit 0: fine; 1: a check found problems; 2: wrong arguments.

const HELP = `usage: npm run check:commits -- [RANGE]             subjects of the commits of RANGE (main..HEAD)
       npm run release -- tag TAG                    do the tag, package.json, the code and the changelog agree
       npm run release -- notes TAG FILE             writes what the changelog says of that version
       npm run release -- sbom TARBALL FILE          writes the CycloneDX bill of materials of an installation`;

const ROOT = new URL("../", import.meta.url);
const changelog = () => readFileSync(new URL("CHANGELOG.md", ROOT), "utf8");

function main([command, ...args]: readonly string[]): number {
  const [first = "", second = ""] = args;
  if (command === "commits" && args.length <= 1) return commits(first === "" ? "main..HEAD" : first);
  if (command === "tag" && args.length === 1) return report(problemsOf(first));
  if (command === "notes" && args.length === 2) return notes(first, second);
  if (command === "sbom" && args.length === 2) {
    writeFileSync(second, `${JSON.stringify(sbomOf(first), undefined, 2)}\n`);
    return 0;
  }
  console.error(HELP);
  return 2;
}

function commits(range: string): number {
  const { status, stdout, stderr } = spawnSync("git", ["log", "--format=%h %s", "--end-of-options", range], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) {
    console.error(`git cannot list the commits of ${range}: ${stderr.trim()}`);
    return 2;
  }
  return report(commitProblems(stdout));
}

function problemsOf(tag: string): string[] {
  const { version } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as { version: string };
  return releaseProblems({ tag, package: version, code: RELEASE, changelog: changelog() });
}

function notes(tag: string, file: string): number {
  const release = releasesOf(changelog()).find(({ version }) => `v${version}` === tag);
  if (release === undefined) return report([`CHANGELOG.md: no version of the tag ${tag}`]);
  writeFileSync(file, `${release.notes}\n`);
  return 0;
}

function report(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
