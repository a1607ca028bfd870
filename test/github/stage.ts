import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { Description } from "./description.ts";
import { type PullRequest, type Repository, SimulatedGitHub } from "./simulator.ts";

// What the tests of .github/actions/review-comment have in common: a simulated GitHub, a folder with a page, and the event of a run.

export const ACTION = fileURLToPath(new URL("../../.github/actions/review-comment/", import.meta.url));
export const MARK = "<!-- bellwether review -->";
export const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
export const RUN = "https://github.com/example/platform/actions/runs/7";
export const OWN: Repository = { id: 1, full_name: "example/platform" };
export const FORK: Repository = { id: 2, full_name: "contributor/platform" };

type Post = (options: object) => Promise<readonly string[]>;
const { post } = (await import(join(ACTION, "post.mjs"))) as { readonly post: Post };

/** Anew for each test. */
export interface Stage {
  readonly description: Description;
  readonly github: SimulatedGitHub;
  readonly folder: string;
  /** The seconds that the action waited, each time. */
  readonly slept: number[];
}

/** Registers what is done before and after each test of a file; afterwards the simulator has seen nothing that GitHub does not describe. */
export function onStage(): Stage {
  let description: Description;
  const stage = {} as { -readonly [key in keyof Stage]: Stage[key] };
  beforeAll(async () => {
    description = await Description.read();
  });
  beforeEach(async () => {
    stage.description = description;
    stage.github = await SimulatedGitHub.start(description, OWN);
    stage.folder = mkdtempSync(join(tmpdir(), "bellwether-comment-"));
    stage.slept = [];
    write(stage, "review.md", `## 1 alert pages nobody\n\nMore. ${MARK}\n`);
  });
  afterEach(() => {
    stage.github.stop();
    rmSync(stage.folder, { recursive: true, force: true });
    expect(stage.github.wrong).toEqual([]);
  });
  return stage;
}

export function write({ folder }: Stage, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** An open pull request of the fork, at the commit of the run, unless it says otherwise. */
export function opened({ github }: Stage, number: number, more: Partial<PullRequest> = {}): PullRequest {
  const head = { sha: SHA, ref: "feature/a+b", repository: FORK };
  const pull: PullRequest = { number, state: "open", head, comments: [], ...more };
  github.pulls.push(pull);
  return pull;
}

/** The event of a run that has ended. */
export function completed(more: object = {}): object {
  return {
    workflow_run: {
      event: "pull_request",
      conclusion: "success",
      head_sha: SHA,
      head_branch: "feature/a+b",
      head_repository: { ...FORK, owner: { login: "contributor" } },
      html_url: RUN,
      ...more,
    },
  };
}

/** The event of a pull request of a repository. */
export function pullRequestOf(repository: Repository): object {
  return { pull_request: { number: 17, head: { sha: SHA, repo: repository }, base: { repo: OWN } } };
}

/** Posts as the action does, by a clock that the test reads. */
export function postNow(stage: Stage, event = completed(), more: object = {}): Promise<readonly string[]> {
  const { github, folder, slept } = stage;
  return post({
    url: github.url,
    token: github.token,
    folder,
    author: "github-actions[bot]",
    eventName: "workflow_run",
    event,
    repository: OWN.full_name,
    runUrl: RUN,
    sleep: async (seconds: number) => void slept.push(seconds),
    now: () => 1_800_000_000,
    say: () => {},
    ...more,
  });
}
