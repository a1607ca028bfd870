import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MARK as REVIEWS_MARK } from "../../cli/review/markdown.ts";
import {
  completed,
  FORK,
  MARK,
  OWN,
  onStage,
  opened,
  postNow,
  pullRequestOf,
  RUN,
  SHA,
  write,
} from "./stage.ts";

// The action .github/actions/review-comment, against a simulated GitHub that is held to GitHub's description of its API.

const stage = onStage();
const methods = () => stage.github.requests.map(({ method }) => method).join(" ");

describe("the comment", () => {
  it("is posted once, with the page, its commit and its run, and is changed by the next review", async () => {
    const { comments } = opened(stage, 17);
    expect(await postNow(stage)).toEqual(["The comment of pull request 17 is posted."]);
    expect(comments).toHaveLength(1);
    const [{ body } = { body: "" }] = comments;
    expect(body).toContain("## 1 alert pages nobody\n\nMore.\n");
    expect(body).toContain(`commit ${SHA.slice(0, 10)}, by [this run](${RUN})`);
    expect(body.split(MARK)).toHaveLength(2);

    write(stage, "review.md", `No change. ${MARK}\n`);
    expect(await postNow(stage)).toEqual(["The comment of pull request 17 is changed."]);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toMatch(/No change\.\n/);

    expect(await postNow(stage)).toEqual(["The comment of pull request 17 is as it was."]);
    expect(methods()).toBe("GET GET POST GET GET PATCH GET GET");
  });

  it("is found by the mark that a review has in its page", () => {
    expect(REVIEWS_MARK).toBe(MARK);
  });

  it("is found behind hundreds of others, in the list's order", async () => {
    const { comments } = opened(stage, 17);
    for (let index = 0; index < 250; index++)
      comments.push(stage.github.comment("octocat", `comment ${index}`));
    const own = stage.github.comment("github-actions[bot]", `old ${MARK}`);
    comments.push(own, stage.github.comment("github-actions[bot]", `a second one ${MARK}`));
    await postNow(stage);
    expect(own.body).toContain("1 alert pages nobody");
    expect(comments).toHaveLength(252);
    expect(comments[251]?.body).toBe(`a second one ${MARK}`);
  });

  it("of somebody else stays as it is, even with the mark", async () => {
    const { comments } = opened(stage, 17);
    const others = ["octocat", "github-actions", "another-app[bot]"].map((author) =>
      stage.github.comment(author, `quoted ${MARK}`),
    );
    comments.push(...others);
    await postNow(stage);
    expect(others.map(({ body }) => body)).toEqual(others.map(() => `quoted ${MARK}`));
    expect(comments).toHaveLength(4);
  });

  it("of another owner of the token is found by the input author", async () => {
    const { comments } = opened(stage, 17);
    comments.push(stage.github.comment("platform-team[bot]", `old ${MARK}`));
    await postNow(stage, completed(), { author: "platform-team[bot]" });
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("1 alert pages nobody");
  });

  it("says with the link of the run that there is no review, where the artifact or its page is missing", async () => {
    const { comments } = opened(stage, 17);
    for (const remove of ["review.md", "."]) {
      rmSync(join(stage.folder, remove), { recursive: true });
      await postNow(stage, completed({ conclusion: "failure" }));
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body).toMatch(/^## The change could not be reviewed\n/);
      expect(comments[0]?.body).toContain(`[this run](${RUN})`);
      expect(comments[0]?.body).toContain(MARK);
    }
  });

  it("has no file of the runner that the folder has a link to", async () => {
    const { comments } = opened(stage, 17);
    const secret = join(stage.folder, "elsewhere");
    writeFileSync(secret, "the runner's own");
    rmSync(join(stage.folder, "review.md"));
    symlinkSync(secret, join(stage.folder, "review.md"));
    await postNow(stage);
    expect(comments[0]?.body).toMatch(/^## The change could not be reviewed/);
  });
});

describe("a page that is longer than a comment", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => `- line ${index} ${"é".repeat(80)}`);

  it("is cut after a line, and says where all of it is", async () => {
    const { comments } = opened(stage, 17);
    write(stage, "review.md", lines(2000).join("\n"));
    await postNow(stage);
    const body = comments[0]?.body ?? "";
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_000);
    expect(body).toContain(
      `The page is longer than a comment: the artifact of [this run](${RUN}) has all of it.`,
    );
    expect(body).toContain(MARK);
    for (const line of body.split("\n").filter((text) => text.startsWith("- line")))
      expect(line).toMatch(/é{80}$/);
  });

  it("has its code blocks and details closed where it is cut", async () => {
    const { comments } = opened(stage, 17);
    write(
      stage,
      "review.md",
      ["<details><summary>All</summary>", "", "~~~~diff", "```", ...lines(2000)].join("\n"),
    );
    await postNow(stage);
    expect(comments[0]?.body).toMatch(/é\n~~~~\n<\/details>\n\nThe page is longer/);
  });

  it.each([65_536, 65_537, 1_200_000])("of %d characters is taken", async (length) => {
    const { comments } = opened(stage, 17);
    write(stage, "review.md", "x".repeat(length));
    await postNow(stage);
    expect(comments[0]?.body).toContain(MARK);
  });
});

describe("the pull request", () => {
  it("is the one of the run's commit and repository, whatever the artifact names", async () => {
    const victim = opened(stage, 1, { head: { sha: "0".repeat(40), ref: "main", repository: OWN } });
    const own = opened(stage, 17);
    write(stage, "number", "1\n");
    await postNow(stage);
    expect(victim.comments).toEqual([]);
    expect(own.comments).toHaveLength(1);
    expect(own.comments[0]?.body).toMatch(/^<sub>The code of the pull request wrote this, from a fork/);
  });

  it("is not one with a branch of that name in another fork of the same owner, nor one that is closed or at another commit", async () => {
    const ref = "feature/a+b";
    opened(stage, 1, { head: { sha: SHA, ref, repository: { id: 3, full_name: "contributor/other" } } });
    opened(stage, 2, { state: "closed" });
    opened(stage, 3, { head: { sha: "0".repeat(40), ref, repository: FORK } });
    write(stage, "number", "3\n");
    expect((await postNow(stage)).join()).toMatch(
      /^No comment: no open pull request of contributor\/platform is at 6dcb/,
    );
    expect(stage.github.pulls.flatMap(({ comments }) => comments)).toEqual([]);
  });

  it("is chosen by the artifact among those of the same commit, and without it each gets the page", async () => {
    const [first, second] = [opened(stage, 17), opened(stage, 18)];
    write(stage, "number", "18\n");
    await postNow(stage);
    expect([first.comments.length, second.comments.length]).toEqual([0, 1]);
    write(stage, "number", "18; rm -rf /\n");
    await postNow(stage);
    expect([first.comments.length, second.comments.length]).toEqual([1, 1]);
  });

  it.each([
    [{ event: "push" }, /the run was for push/],
    [{ conclusion: "cancelled" }, /the run ended with cancelled/],
    [{ conclusion: "action_required" }, /the run ended with action_required/],
    [{ conclusion: "skipped" }, /the run ended with skipped/],
    [{ head_repository: null }, /the repository of the pull request is gone/],
  ])("gets no comment for a run with %j", async (more, why) => {
    opened(stage, 17);
    expect((await postNow(stage, completed(more))).join()).toMatch(why);
    expect(stage.github.requests).toEqual([]);
  });

  it("gets a comment of a run in the repository itself, which no fork wrote", async () => {
    const head = { sha: SHA, ref: "topic", repository: OWN };
    const { comments } = opened(stage, 17, { head });
    await postNow(
      stage,
      completed({ head_branch: "topic", head_repository: { ...OWN, owner: { login: "example" } } }),
    );
    expect(comments[0]?.body).toMatch(/^## 1 alert/);
  });

  it("is that of the event in a workflow for pull requests, which looks for no other", async () => {
    const { comments } = opened(stage, 17);
    write(stage, "number", "1\n");
    expect(await postNow(stage, pullRequestOf(OWN), { eventName: "pull_request" })).toHaveLength(1);
    expect(comments).toHaveLength(1);
    expect(methods()).toBe("GET POST");
  });

  it("is asked for on no other event", async () => {
    await expect(postNow(stage, {}, { eventName: "push" })).rejects.toThrow(
      /not on push: see docs\/how-to\/run-in-ci\.md/,
    );
  });
});
