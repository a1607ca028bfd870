import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { run } from "../support/process.ts";
import { filesIn, read } from "../support/repository.ts";
import { tool } from "../support/tools.ts";
import { actionlint } from "./actionlint.ts";

// The workflows of the repository: their syntax, and that the two that post a review fit together.

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<
    Record<string, { readonly workflows?: readonly string[]; readonly types?: readonly string[] } | null>
  >;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }
    >
  >;
}

const workflow = (name: string) => parse(read(`.github/workflows/${name}.yml`)) as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

describe("actionlint", () => {
  it("finds nothing in the workflows, nor in what they ask of the repository's own actions", async () => {
    expect(await actionlint(filesIn(".github/workflows", ".yml").map((file) => [file, read(file)]))).toEqual(
      [],
    );
  });

  it("finds an expression, a right and an input that do not exist", async () => {
    const text = read(".github/workflows/review-comment.yml");
    const wrong = text
      .replace("pull-requests: write", "pull-requests: all")
      .replace("workflow_run.event ==", "workflow_run.event ===")
      .replace("review-comment\n", "review-comment\n        with: { pages: review }\n");
    expect((await actionlint([["wrong.yml", wrong]])).map(({ kind }) => kind)).toEqual([
      "expression",
      "permissions",
      "action",
    ]);
  });

  it("is what CI runs, of the same version", async () => {
    expect(read(".github/workflows/ci.yml")).toContain("go -C test/tools/actionlint tool actionlint\n");
    expect((await run(await tool("actionlint"), ["-version"])).stdout).toMatch(/^1\.7\.12\n/);
  });
});

describe("the workflows of a review", () => {
  const review = workflow("review");
  const comment = workflow("review-comment");

  it("give the code of a pull request no right to write, no secret and no credential", () => {
    expect(review.permissions).toEqual({ contents: "read" });
    expect(Object.values(review.jobs).map(({ permissions }) => permissions)).toEqual([undefined]);
    expect(Object.keys(review.on)).toEqual(["pull_request"]);
    expect(read(".github/workflows/review.yml")).not.toMatch(/secrets\.|github\.token|id-token/);
    const checkout = stepsOf(review).find(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkout?.with?.["persist-credentials"]).toBe(false);
  });

  it("run no code of a pull request where they may write", () => {
    expect(Object.keys(comment.on)).toEqual(["workflow_run"]);
    expect(comment.permissions).toEqual({});
    expect(Object.values(comment.jobs).map(({ permissions }) => permissions)).toEqual([
      { contents: "read", actions: "read", "pull-requests": "write" },
    ]);
    const steps = stepsOf(comment);
    expect(steps.map(({ run: script }) => script)).toEqual(steps.map(() => undefined));
    // No ref: the default branch.
    expect(steps[0]?.with).toEqual({ "sparse-checkout": ".github/actions", "persist-credentials": false });
  });

  it("fit together: the name of the run, the artifact and the file in it", () => {
    expect(comment.on["workflow_run"]).toEqual({ workflows: [review.name], types: ["completed"] });
    const upload = stepsOf(review).find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    const { inputs } = parse(read(".github/actions/review-comment/action.yml")) as {
      readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    };
    expect(upload?.with?.["name"]).toBe(inputs["artifact"]?.default);
    expect(upload?.with?.["path"]).toBe(`${inputs["folder"]?.default}/`);
    expect(stepsOf(comment).at(-1)).toEqual({ uses: "./.github/actions/review-comment" });
  });
});

describe("the step of review.yml that names the pull request", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-workflow-"));
  const summary = join(folder, "summary.md");
  const step = stepsOf(workflow("review")).find(
    ({ name }) => name === "Show the page, and name the pull request",
  );
  beforeEach(() => rmSync(join(folder, "review"), { recursive: true, force: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ran = () =>
    run("bash", ["--noprofile", "--norc", "-e", "-c", step?.run ?? "exit 9"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], NUMBER: "17", GITHUB_STEP_SUMMARY: summary },
    });

  it("runs after a failure, and works without a page", async () => {
    expect(step?.if).toContain("!cancelled()");
    expect(await ran()).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "review/number"), "utf8")).toBe("17\n");
    expect(existsSync(summary)).toBe(false);
  });

  it("shows the page in the summary", async () => {
    await ran();
    writeFileSync(join(folder, "review/review.md"), "The page\n");
    await ran();
    expect(readFileSync(summary, "utf8")).toBe("The page\n");
  });
});

describe("the step of weekly.yml that looks at waivers", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-weekly-"));
  const step = stepsOf(workflow("weekly")).find(({ name }) => name === "Fail if a waiver ends");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("fails if the review brings one to mind, and shows the page in both cases", async () => {
    const { required } = JSON.parse(read("docs/reference/review.schema.json")) as {
      readonly required: readonly string[];
    };
    expect(required).toContain("reminders");
    mkdirSync(join(folder, "review"));
    writeFileSync(join(folder, "review/review.md"), "The page\n");
    const summary = join(folder, "summary.md");
    const codes: number[] = [];
    for (const reminders of [[], [{ policy: "storage-encrypted" }]]) {
      writeFileSync(join(folder, "review/review.json"), JSON.stringify({ reminders }));
      const env = { PATH: process.env["PATH"], GITHUB_STEP_SUMMARY: summary };
      const args = ["--noprofile", "--norc", "-e", "-c", step?.run ?? "exit 9"];
      codes.push((await run("bash", args, { cwd: folder, env })).code);
    }
    expect(codes).toEqual([0, 1]);
    expect(readFileSync(summary, "utf8")).toBe("The page\nThe page\n");
  });
});
