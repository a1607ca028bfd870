import { ApiError, github } from "./api.mjs";
import { bodyOf, MARK, readPage } from "./page.mjs";
import { targetsOf } from "./targets.mjs";

/** Times that a comment is looked for and written: an answer may be lost, and a comment deleted meanwhile. */
const ROUNDS = 3;

/**
 * Posts the page to its pull request, or changes the comment that has the page before.
 * @returns a line for each pull request, or one that says why there is nothing to post
 */
export async function post({ folder, author, eventName, event, repository, runUrl, ...client }) {
  const api = github(client);
  const { page, named } = readPage(folder);
  const target = await targetsOf({ api, eventName, event, repository, named, runUrl });
  if (target.none !== undefined) return [`No comment: ${target.none}.`];
  const body = bodyOf({ ...target, page });
  const lines = [];
  for (const number of target.numbers) {
    const done = await write({
      api,
      repository,
      number,
      author,
      body,
      ...client,
      isFork: target.isFork,
      eventName,
    });
    lines.push(`The comment of pull request ${number} is ${done}.`);
  }
  return lines;
}

async function write({ api, repository, number, author, body, sleep, say, isFork, eventName }) {
  for (let round = 1; ; round++) {
    try {
      const comments = await api.all(`/repos/${repository}/issues/${number}/comments?per_page=100`);
      const own = comments.find(({ user, body: text }) => user?.login === author && text?.includes(MARK));
      if (own === undefined) {
        await api.create(`/repos/${repository}/issues/${number}/comments`, { body });
        return "posted";
      }
      if (own.body === body) return "as it was";
      await api.change(`/repos/${repository}/issues/comments/${own.id}`, { body });
      return "changed";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Created, but the answer is lost; or deleted after it was found: looked for again.
      const mayPass =
        error.status === 0 || error.status >= 500 || (error.status === 404 && error.method === "PATCH");
      if (mayPass && round < ROUNDS) {
        say(`${error.message}; the comment is looked for again`);
        await sleep(round);
        continue;
      }
      throw explained(error, { isFork, eventName });
    }
  }
}

/** What to do about an answer that will stay the same. */
function explained(error, { isFork, eventName }) {
  if (error.status === 403 && eventName === "pull_request" && isFork)
    error.message +=
      "\nThe token of a pull request from a fork may not write comments: post from a second workflow, on workflow_run.";
  else if (error.status === 403)
    error.message +=
      "\nThe job needs `permissions: pull-requests: write`, or a token that may write comments.";
  else if (error.status === 404)
    error.message +=
      "\nThe pull request is not there, or the token may not read it: `permissions: pull-requests: write`.";
  return error;
}
