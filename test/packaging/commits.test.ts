import { describe, expect, it } from "vitest";
import { commitProblems, subjectProblems } from "../../packaging/commits.ts";

describe("a commit's subject", () => {
  it.each([
    "slo: count requests without a response as errors",
    "ci: pass the tag to the release",
    "docs, cli: explain exit codes",
    "test-tools: bring node_exporter 1.12.2",
    "Merge branch 'main' into rename-entrance",
    'Revert "slo: count requests without a response as errors"',
    // 71 characters.
    `deps: ${"x".repeat(65)}`,
  ])("may be %j", (subject) => {
    expect(subjectProblems(subject)).toEqual([]);
  });

  it.each([
    ["A page is told once", /no area in front/],
    ["Slo: count requests", /no area in front/],
    ["slo:count requests", /no area in front/],
    ["slo: added a window", /"added" is not imperative/],
    ["slo: Adding a window", /"Adding" is not imperative/],
    ["slo: fixes a window", /"fixes" is not imperative/],
    ["slo: add a window.", /full stop/],
    [`deps: ${"x".repeat(66)}`, /has 72 characters; fewer than 72/],
  ])("may not be %j", (subject, problem) => {
    expect(subjectProblems(subject)).toEqual([expect.stringMatching(problem)]);
  });

  it("is reported with its commit, and with each of its problems", () => {
    const log = "1a2b3c4 slo: add a window\n5d6e7f8 slo: added a window.\n";
    expect(commitProblems(log)).toEqual([
      expect.stringMatching(/^5d6e7f8 "slo: added a window\.": .*imperative/),
      expect.stringMatching(/^5d6e7f8 "slo: added a window\.": .*full stop/),
    ]);
  });
});
