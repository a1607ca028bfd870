import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { run } from "../../support/process.ts";
import { read } from "../../support/repository.ts";
import { commandsOf } from "../commands.ts";
import { blocksOf, howTo } from "../page.ts";

// docs/how-to/other-ci-systems.md: its pipeline is parsed, its script runs against a simulated GitLab.

const blocks = blocksOf(howTo("other-ci-systems"));
const file = (name: string) => blocks.find((block) => block.file === name)?.text ?? "";

interface Job {
  readonly stage?: string;
  readonly extends?: string;
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly when?: string;
  readonly resource_group?: string;
  readonly parallel?: { readonly matrix: readonly Readonly<Record<string, string>>[] };
  readonly artifacts?: { readonly when?: string; readonly paths: readonly string[] };
}

describe("the pipeline of GitLab", () => {
  const pipeline = parse(file(".gitlab-ci.yml")) as Readonly<Record<string, Job>>;

  const pulumiOf = (job: Job | undefined) => job?.script?.find((line) => line.startsWith("pulumi "));

  it("runs after a failed review the script that the page shows, and keeps the page", () => {
    const { after_script: after, artifacts } = pipeline["review"] ?? {};
    expect(after).toEqual(["node .gitlab/review-note.mjs"]);
    expect(file(".gitlab/review-note.mjs")).toContain('"review/review.md"');
    expect(artifacts).toMatchObject({ when: "always", paths: ["review/"] });
  });

  it("deploys by hand the plan that it saved, of environments that exist, with the policies of their tier", () => {
    const { plan, deploy } = pipeline;
    const words = (job: Job | undefined) => pulumiOf(job)?.split(" ") ?? [];
    const following = (list: readonly string[], flag: string) => list[list.indexOf(flag) + 1];
    expect(following(words(deploy), "--plan")).toBe(following(words(plan), "--save-plan"));
    for (const flag of ["--stack", "--policy-pack", "--policy-pack-config"])
      expect(following(words(deploy), flag)).toBe(following(words(plan), flag));
    expect([plan?.extends, deploy?.extends]).toEqual([".stack", ".stack"]);
    expect([deploy?.when, deploy?.resource_group]).toEqual(["manual", "$STACK"]);
    for (const { STACK = "", TIER } of pipeline[".stack"]?.parallel?.matrix ?? []) {
      const stack = parse(read(`stacks/Pulumi.${STACK}.yaml`));
      expect(stack.config["bellwether:environment"].tier).toBe(TIER);
      expect(JSON.parse(read(`policies/packs/bellwether/config/${TIER}.json`))).toBeTypeOf("object");
    }
  });

  it("and the plain shell review and deploy with the same flags", () => {
    const flags = (text = "") =>
      [...text.matchAll(/ (--[a-z-]+)/g)]
        .map(([, flag]) => flag)
        .filter((flag) => flag !== "--non-interactive");
    const shell = commandsOf("other-ci-systems").filter(({ isBlock }) => isBlock);
    const line = (start: string) => shell.find(({ text }) => text.startsWith(start))?.text;
    expect(flags(line("npx bellwether review"))).toEqual(flags(pipeline["review"]?.script?.[0]));
    expect(flags(line("pulumi preview"))).toEqual(flags(pulumiOf(pipeline["plan"])));
    expect(flags(line("pulumi up"))).toEqual(flags(pulumiOf(pipeline["deploy"])));
  });
});

interface Note {
  readonly id: number;
  readonly author: { readonly id: number };
  body: string;
}

/** Simulates the routes of GitLab's API that a note needs, on loopback: the token's user, and the notes of a merge request. */
class SimulatedGitLab {
  readonly notes: Note[] = [];
  readonly requests: string[] = [];
  readonly token = "glpat-simulated";
  private readonly server: Server = createServer();

  async start(): Promise<string> {
    this.server.on("request", (request, response) => {
      let text = "";
      request.on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        this.requests.push(request.method ?? "");
        const { status, value, next } =
          request.headers["private-token"] === this.token
            ? this.answer(request.method ?? "", request.url ?? "", text)
            : { status: 401, value: { message: "401 Unauthorized" } };
        response.writeHead(status, { "content-type": "application/json", "x-next-page": next ?? "" });
        response.end(JSON.stringify(value));
      });
    });
    this.server.listen(0, "127.0.0.1");
    await new Promise((resolve) => this.server.once("listening", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v4`;
  }

  private answer(
    method: string,
    path: string,
    text: string,
  ): { status: number; value: unknown; next?: string } {
    const { pathname, searchParams } = new URL(path, "http://localhost");
    if (pathname === "/api/v4/user") return { status: 200, value: { id: 7, username: "project_5_bot" } };
    const [none, id] = /^\/api\/v4\/projects\/5\/merge_requests\/17\/notes(?:\/(\d+))?$/.exec(pathname) ?? [
      null,
    ];
    const notFound = { status: 404, value: { message: "404 Not found" } };
    if (none === null) return notFound;
    if (method === "GET")
      return this.list(Number(searchParams.get("page") ?? 1), Number(searchParams.get("per_page") ?? 20));
    const { body } = JSON.parse(text) as { readonly body: string };
    if (method === "POST") this.notes.push({ id: this.notes.length + 1, author: { id: 7 }, body });
    const note = method === "POST" ? this.notes.at(-1) : this.notes.find((each) => `${each.id}` === id);
    if (note === undefined) return notFound;
    note.body = body;
    return { status: method === "POST" ? 201 : 200, value: note };
  }

  private list(page: number, size: number) {
    const next = page * size < this.notes.length ? `${page + 1}` : "";
    return { status: 200, value: this.notes.slice((page - 1) * size, page * size), next };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("the script of GitLab", () => {
  let folder: string;
  let gitlab: SimulatedGitLab;
  let url: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-gitlab-"));
    mkdirSync(join(folder, "review"));
    writeFileSync(join(folder, "review/review.md"), "The page <!-- bellwether review -->\n");
    writeFileSync(join(folder, "note.mjs"), file(".gitlab/review-note.mjs"));
    gitlab = new SimulatedGitLab();
    url = await gitlab.start();
  });
  afterEach(() => {
    gitlab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ran = (more: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ["note.mjs"], {
      cwd: folder,
      env: {
        CI_API_V4_URL: url,
        CI_PROJECT_ID: "5",
        CI_MERGE_REQUEST_IID: "17",
        CI_COMMIT_SHA: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
        CI_JOB_URL: "https://gitlab.example.com/example/platform/-/jobs/1",
        REVIEW_TOKEN: gitlab.token,
        ...more,
      },
    });

  it("posts a note, and changes it with the next review, behind a hundred others", async () => {
    for (let id = 1; id <= 120; id++)
      gitlab.notes.push({ id, author: { id: 1 }, body: "quoted <!-- bellwether review -->" });
    expect(await ran()).toEqual({ code: 0, stdout: "The note is posted.\n", stderr: "" });
    expect(gitlab.notes).toHaveLength(121);
    expect(gitlab.notes[120]?.body).toMatch(
      /^The page .*\n\n\nThe review of commit 6dcb09b5b5, by the job http/s,
    );
    writeFileSync(join(folder, "review/review.md"), "Another page <!-- bellwether review -->\n");
    expect((await ran()).stdout).toBe("The note is changed.\n");
    expect(gitlab.notes).toHaveLength(121);
    expect(gitlab.notes[120]?.body).toMatch(/^Another page/);
    expect(gitlab.notes[0]?.body).toMatch(/^quoted/);
    expect(gitlab.requests.join(" ")).toBe("GET GET GET POST GET GET GET PUT");
  });

  it("says that there is no review, where the review wrote none", async () => {
    rmSync(join(folder, "review"), { recursive: true });
    await ran();
    expect(gitlab.notes[0]?.body).toMatch(
      /^## The change could not be reviewed\n.*<!-- bellwether review -->/s,
    );
  });

  it("asks nothing without a token, and fails with GitLab's answer otherwise, without the token", async () => {
    expect(await ran({ REVIEW_TOKEN: "" })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^No note: /),
    });
    expect(gitlab.requests).toEqual([]);
    const { code, stderr } = await ran({ REVIEW_TOKEN: "glpat-wrong" });
    expect(code).not.toBe(0);
    expect(stderr).toContain("GitLab answered 401 to GET");
    expect(stderr).not.toContain("glpat-wrong");
  });
});
