import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { run } from "../support/process.ts";
import {
  ACTION,
  completed,
  FORK,
  MARK,
  OWN,
  onStage,
  opened,
  postNow,
  pullRequestOf,
  write,
} from "./stage.ts";

// What the action .github/actions/review-comment does about answers that are errors, and how it ends.

const stage = onStage();

describe("an answer that is an error", () => {
  const limited = (headers: Record<string, string>, message = "API rate limit exceeded") => ({
    method: "POST",
    status: 403,
    message,
    headers,
  });

  it.each([
    ["the answer's seconds", limited({ "retry-after": "7" }, "You have exceeded a secondary rate limit"), 7],
    [
      "the end of the limit",
      limited({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000030" }),
      31,
    ],
    [
      "a minute where it does not say",
      limited({}, "You have exceeded a secondary rate limit. Please wait."),
      60,
    ],
  ])("of a limit is waited for: %s", async (_, fault, seconds) => {
    const { comments } = opened(stage, 17);
    stage.github.faults.push(fault);
    await postNow(stage);
    expect(stage.slept).toEqual([seconds]);
    expect(comments).toHaveLength(1);
  });

  it("of a limit that ends too late ends the action and says when it ends", async () => {
    opened(stage, 17);
    stage.github.faults.push(limited({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800003000" }));
    await expect(postNow(stage)).rejects.toThrow(
      /403 to POST .*comments: API rate limit exceeded \(the limit ends in 3001 s\)/,
    );
    expect(stage.slept).toEqual([]);
  });

  it("of a token that may not write is not asked again, and the message says what to do", async () => {
    opened(stage, 17);
    const fault = { method: "POST", status: 403, message: "Resource not accessible by integration" };
    stage.github.faults.push(fault);
    await expect(postNow(stage)).rejects.toThrow(/403 to POST .*\n.*`permissions: pull-requests: write`/);
    stage.github.faults.push(fault);
    await expect(postNow(stage, pullRequestOf(FORK), { eventName: "pull_request" })).rejects.toThrow(
      /from a fork may not write comments: post from a second workflow/,
    );
    expect(stage.slept).toEqual([]);
  });

  it.each(["GET", "PATCH", "POST"])("of the server to %s is asked again", async (method) => {
    const { comments } = opened(stage, 17);
    if (method === "PATCH") comments.push(stage.github.comment("github-actions[bot]", MARK));
    stage.github.faults.push({ method, status: 502, message: "Server Error" });
    await postNow(stage);
    expect(stage.slept).toEqual([1]);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("1 alert pages nobody");
  });

  it("of the server after it has created the comment adds no second one", async () => {
    const { comments } = opened(stage, 17);
    stage.github.faults.push({ method: "POST", status: 504, message: "Gateway Timeout", done: true });
    expect(await postNow(stage)).toEqual(["The comment of pull request 17 is as it was."]);
    expect(comments).toHaveLength(1);
  });

  it.each(["GET", "POST"])(
    "of the server that stays ends the action after few requests: %s",
    async (method) => {
      opened(stage, 17);
      for (let index = 0; index < 100; index++)
        stage.github.faults.push({ method, status: 503, message: "Unavailable" });
      await expect(postNow(stage)).rejects.toThrow(
        new RegExp(`GitHub answered 503 to ${method} /repos/example/platform/.*: Unavailable`),
      );
      expect(stage.github.requests.length).toBeLessThanOrEqual(8);
    },
  );

  it("that the comment is gone, deleted after it was found, posts a new one", async () => {
    const { comments } = opened(stage, 17);
    comments.push(stage.github.comment("github-actions[bot]", MARK));
    const say = () => {
      comments.length = 0;
    };
    stage.github.faults.push({ method: "PATCH", status: 404, message: "Not Found" });
    expect(await postNow(stage, completed(), { say })).toEqual(["The comment of pull request 17 is posted."]);
  });

  it("that the repository is not there is not asked again", async () => {
    await expect(postNow(stage, completed(), { repository: "example/gone" })).rejects.toThrow(
      /404 to GET .*pulls/,
    );
    expect(stage.github.requests).toHaveLength(1);
  });

  it("of no server at all is asked again, and ends the action", async () => {
    opened(stage, 17);
    stage.github.stop();
    await expect(postNow(stage)).rejects.toThrow(/GitHub answered nothing to GET /);
    expect(stage.slept).toEqual([1, 4, 10]);
  });
});

describe("the steps of action.yml", () => {
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: {
      readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[];
    };
  }
  const { inputs, runs } = parse(readFileSync(join(ACTION, "action.yml"), "utf8")) as Action;
  const step = runs.steps.find((each) => each.run !== undefined);

  /** Runs the step as the runner does, with the inputs' defaults. */
  async function ran(event: object, more: NodeJS.ProcessEnv = {}) {
    const values: Record<string, string> = { folder: "review", token: stage.github.token };
    const env = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([name, text]) => [
        name,
        text.replace(
          /\$\{\{ inputs\.(\w+) \}\}/,
          (_, input) => values[input] ?? inputs[input]?.default ?? "",
        ),
      ]),
    );
    write(stage, "review/review.md", "The page");
    write(stage, "event.json", JSON.stringify(event));
    return await run("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step?.run ?? "exit 9"], {
      cwd: stage.folder,
      env: {
        PATH: process.env["PATH"],
        GITHUB_ACTION_PATH: ACTION,
        GITHUB_API_URL: stage.github.url,
        GITHUB_EVENT_NAME: "workflow_run",
        GITHUB_EVENT_PATH: join(stage.folder, "event.json"),
        GITHUB_REPOSITORY: OWN.full_name,
        GITHUB_RUN_ID: "7",
        GITHUB_SERVER_URL: "https://stage.github.com",
        ...env,
        ...more,
      },
    });
  }

  it("post the page with what the runner sets", async () => {
    const { comments } = opened(stage, 17);
    expect(await ran(completed())).toEqual({
      code: 0,
      stdout: "The comment of pull request 17 is posted.\n",
      stderr: "",
    });
    expect(comments[0]?.body).toContain("The page");
  });

  it("end with 1 and an annotation if that fails, without the token", async () => {
    opened(stage, 17);
    stage.github.faults.push({ method: "POST", status: 403, message: `no right for ${stage.github.token}` });
    const { code, stdout, stderr } = await ran(completed());
    expect(code).toBe(1);
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^::error title=No comment of the review::GitHub answered 403 .*\[token\]%0AThe job needs/m,
    );
    expect(stdout).not.toContain(stage.github.token);
  });

  it("say which variable of the runner is missing", async () => {
    const { code, stdout } = await ran({}, { GITHUB_EVENT_PATH: "", REVIEW_TOKEN: "" });
    expect(code).toBe(1);
    expect(stdout).toContain("REVIEW_TOKEN, GITHUB_EVENT_PATH must be set");
  });
});

describe("GitHub's description", () => {
  it("notices what it does not allow, in a request and in an answer", () => {
    const request = { method: "POST", path: "/repos/a/b/issues/1/comments?sort=up", body: { text: "x" } };
    const route = stage.description.routeOf(request, [
      "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    ]);
    expect(route?.values).toEqual({ owner: "a", repo: "b", issue_number: "1" });
    if (route === undefined) throw new Error("no route");
    expect(stage.description.wrongIn(route, request)).toEqual([
      "sort is no parameter of post /repos/{owner}/{repo}/issues/{issue_number}/comments",
      "data must have required property 'body'",
      "text is no field of the body",
    ]);
    expect(stage.description.wrongInAnswer(route, 201, { id: "1" }).join()).toContain(
      "data/id must be integer",
    );
    expect(stage.description.wrongInAnswer(route, 204, {})).toEqual([
      "204 is no answer of /repos/{owner}/{repo}/issues/{issue_number}/comments",
    ]);
  });
});
