// Which pull request a page is for. It comes from the event and from GitHub, never from the page: a fork wrote that.

/** Conclusions of a run that has reviewed, or has tried to. One that was skipped, or waits for an approval, has not. */
const TRIED = ["success", "failure", "timed_out", "startup_failure"];

/**
 * The pull requests to post to, the run and the commit, or `none`: why there is nothing to post.
 * @param event what started the workflow, as GitHub wrote it
 * @param named the number that the artifact names; it chooses among pull requests of the same commit, and nothing else
 */
export async function targetsOf({ api, eventName, event, repository, named, runUrl }) {
  if (eventName === "pull_request") {
    const { number, head, base } = event.pull_request;
    const isFork = head.repo?.id !== base.repo.id;
    return { numbers: [number], sha: head.sha, runUrl, isFork };
  }
  if (eventName !== "workflow_run")
    throw new Error(
      `this action runs on workflow_run or pull_request, not on ${eventName}: see docs/how-to/run-in-ci.md of Bellwether`,
    );
  const run = event.workflow_run;
  if (run.event !== "pull_request") return { none: `the run was for ${run.event}, not for a pull request` };
  if (!TRIED.includes(run.conclusion)) return { none: `the run ended with ${run.conclusion}` };
  const from = run.head_repository;
  if (!from) return { none: "the repository of the pull request is gone" };
  // The list of pull requests of a commit is empty for a commit of a fork: they are found by their branch.
  const head = encodeURIComponent(`${from.owner.login}:${run.head_branch}`);
  const open = await api.all(`/repos/${repository}/pulls?state=open&head=${head}&per_page=100`);
  const same = open.filter(({ head: of }) => of.sha === run.head_sha && of.repo?.id === from.id);
  if (same.length === 0)
    return {
      none: `no open pull request of ${from.full_name} is at ${run.head_sha}: it is closed, or has newer commits`,
    };
  const numbers = same.map(({ number }) => number);
  return {
    numbers: numbers.includes(named) ? [named] : numbers,
    sha: run.head_sha,
    runUrl: run.html_url,
    isFork: from.full_name !== repository,
  };
}
