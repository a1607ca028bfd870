import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { run } from "../../support/process.ts";
import { blocksOf, howTo } from "../page.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly jobs: Readonly<
    Record<
      "preview" | "deploy",
      {
        readonly steps: readonly Step[];
        readonly permissions: Readonly<Record<string, string>>;
        readonly strategy?: {
          readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
        };
      }
    >
  >;
}

const page = howTo("run-in-ci");
const [block] = blocksOf(page).filter(({ language }) => language === "yaml");
const { jobs } = parse(block?.text ?? "") as Workflow;

function environmentIn(name: string) {
  const { config } = parse(readFileSync(join(ROOT, `stacks/Pulumi.${name}.yaml`), "utf8")) as {
    readonly config: {
      readonly "bellwether:environment": {
        readonly tier: string;
        readonly aws?: { readonly accountId: string };
      };
    };
  };
  return config["bellwether:environment"];
}

describe("the workflow of docs/how-to/run-in-ci.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-ci-"));
  const summary = join(folder, "summary.md");
  const posted = join(folder, "posted");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    // The dependencies are installed, these tests begin with the same preview of all environments, and gh writes down its arguments.
    symlinkSync(inject("previews"), join(folder, "out"));
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "gh"), `#!/bin/sh\necho "$@" >> "${posted}"\n`);
    chmodSync(join(bin, "gh"), 0o755);
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env["PATH"]}`,
      GITHUB_STEP_SUMMARY: summary,
      NUMBER: "17",
    };
    for (const { run: command } of jobs.preview.steps) {
      if (command === undefined || ["npm ci", "npm run preview"].includes(command)) continue;
      const { code, stderr } = await run("bash", ["-e", "-c", command], { cwd: folder, env });
      if (code !== 0) throw new Error(`${command} ended with ${code}\n${stderr}`);
    }
  });

  it("posts the report of prod and puts all reports into the summary", () => {
    expect(readFileSync(posted, "utf8")).toBe(
      "pr comment 17 --body-file out/prod/report.md --edit-last --create-if-none\n",
    );
    const out = join(folder, "out");
    const reports = readdirSync(out).map((name) => readFileSync(join(out, name, "report.md"), "utf8"));
    expect(reports.length).toBeGreaterThan(1);
    expect(readFileSync(summary, "utf8")).toBe(reports.join(""));
    // What the page says about the sizes.
    const sizes = reports.map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThan(65_536);
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(65_536);
  });

  it("deploys environments that exist, with their account and the policies of their tier", () => {
    const included = jobs.deploy.strategy?.matrix.include ?? [];
    expect(included.map(({ environment }) => environment)).toEqual(["dev", "staging", "prod"]);
    for (const { environment = "", tier, account } of included) {
      const { tier: actual, aws } = environmentIn(environment);
      expect({ tier, account }, environment).toEqual({ tier: actual, account: aws?.accountId });
      expect(existsSync(join(ROOT, `policies/packs/bellwether/config/${tier}.json`))).toBe(true);
    }
  });

  it("gives the job that runs a pull request's code no identity in AWS", () => {
    expect(jobs.preview.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(JSON.stringify(jobs.preview)).not.toContain("secrets.");
  });

  it("uses the same major versions of actions as this repository", () => {
    const workflows = join(ROOT, ".github/workflows");
    const own = readdirSync(workflows)
      .map((file) => readFileSync(join(workflows, file), "utf8"))
      .join("\n");
    const shared = [...jobs.preview.steps, ...jobs.deploy.steps].flatMap(({ uses = "" }) => {
      const [action = "", version = ""] = uses.split("@");
      const major = new RegExp(`${action}@[0-9a-f]{40} # (v\\d+)`).exec(own)?.[1];
      return action === "" || major === undefined ? [] : [{ action, version, major }];
    });
    expect(shared.length).toBeGreaterThanOrEqual(5);
    for (const { action, version, major } of shared) expect(version, action).toBe(major);
  });
});
