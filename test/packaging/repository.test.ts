import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { RUNBOOKS } from "../../components/core/runbooks.ts";

// What people and services around the repository read. test/github has what the workflows do.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const text = (path: string) => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(text("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly url: string };
};

interface Dependabot {
  readonly updates: readonly {
    readonly "package-ecosystem": string;
    readonly directories?: readonly string[];
    readonly ignore?: readonly { readonly "dependency-name": string }[];
  }[];
}

const WORKFLOWS = readdirSync(join(ROOT, ".github/workflows"));

const ACTIONS = readdirSync(join(ROOT, ".github/actions"));

describe.each([
  ...WORKFLOWS.map((file) => `.github/workflows/${file}`),
  ...ACTIONS.map((folder) => `.github/actions/${folder}/action.yml`),
])("%s", (file) => {
  it("uses actions of one commit, beside the version that it belongs to, and those of the repository", () => {
    const used = [...text(file).matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => action);
    for (const action of used.filter((each) => !each.startsWith("./")))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    for (const action of used.filter((each) => each.startsWith("./")))
      expect(existsSync(join(ROOT, action)), action).toBe(true);
  });
});

describe.each(WORKFLOWS)("the workflow %s", (file) => {
  const workflow = text(`.github/workflows/${file}`);

  it("may only read, unless a job says more", () => {
    const { permissions } = parse(workflow) as { permissions: Readonly<Record<string, string>> };
    expect(Object.entries({ contents: "read", ...permissions })).toEqual([["contents", "read"]]);
  });

  it("runs scripts that are there", () => {
    for (const [, script = ""] of workflow.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

describe("the release workflow", () => {
  it("gives the right to publish to one job, which waits for the tests", () => {
    const { jobs } = parse(text(".github/workflows/release.yml")) as {
      jobs: Record<string, { permissions?: Record<string, string>; needs?: readonly string[] }>;
    };
    const mayPublish = Object.entries(jobs).filter(([, job]) => job.permissions?.["id-token"] === "write");
    expect(mayPublish.map(([name, job]) => [name, job.needs])).toEqual([["publish", ["ci", "pack"]]]);
  });
});

describe("dependabot.yml", () => {
  const { updates } = parse(text(".github/dependabot.yml")) as Dependabot;

  it("looks at the workflows and at each action of the repository", () => {
    const actions = updates.find((update) => update["package-ecosystem"] === "github-actions");
    expect(actions?.directories).toEqual(["/", ...ACTIONS.map((folder) => `/.github/actions/${folder}`)]);
  });

  const ignored = (ecosystem: string) =>
    (updates.find((update) => update["package-ecosystem"] === ecosystem)?.ignore ?? []).map(
      (rule) => rule["dependency-name"],
    );

  it("leaves every npm package alone whose pin decision 0001 explains", () => {
    const pins = [...text("docs/decisions/0001-node-20-22-and-24.md").matchAll(/^\| `([^`]+)` \|/gm)];
    expect(pins.length).toBeGreaterThan(3);
    for (const [, name] of pins) expect(ignored("npm")).toContain(name);
  });
});

describe("the repository's files", () => {
  it("name one place where it is published", () => {
    const home = /^https:\/\/github\.com\/[\w-]+\/[\w-]+/.exec(RUNBOOKS)?.[0];
    expect(manifest.repository.url).toBe(`git+${home}.git`);
    expect(manifest.bugs.url).toBe(`${home}/issues`);
    expect(manifest.homepage).toBe(`${home}#readme`);
    for (const page of [
      "CONTRIBUTING.md",
      "SECURITY.md",
      "CHANGELOG.md",
      ".github/ISSUE_TEMPLATE/config.yml",
    ])
      for (const [url] of text(page).matchAll(/https:\/\/github\.com\/[\w-]+\/[\w-]+/g))
        expect(url).toBe(home);
  });

  it("give editors the format that Biome checks", () => {
    const { formatter } = JSON.parse(text("biome.json")) as {
      formatter: { indentStyle: string; indentWidth: number; lineWidth: number };
    };
    const [, all = "", code = ""] = text(".editorconfig").split(/^\[.*\]$/m);
    expect(all).toContain(
      `indent_style = ${formatter.indentStyle}\nindent_size = ${formatter.indentWidth}\n`,
    );
    expect(code).toContain(`max_line_length = ${formatter.lineWidth}\n`);
  });

  it("give version managers the oldest Node.js that package.json admits", () => {
    expect(`>=${text(".nvmrc").trim()}`).toBe(manifest.engines.node);
  });

  it("own only what is there", () => {
    const paths = [...text(".github/CODEOWNERS").matchAll(/^\/(\S+)/gm)].map(([, path = ""]) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("document commands that are there", () => {
    for (const page of ["CONTRIBUTING.md", ".github/pull_request_template.md"])
      for (const [, script = ""] of text(page).matchAll(/npm run ([\w:-]+)/g))
        expect(Object.keys(manifest.scripts)).toContain(script);
  });
});
