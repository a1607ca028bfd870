import { isEnvironment, isFile } from "../command-line/checks.ts";
import { dayOf, OUT, PERIOD, STACKS, TODAY } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

/** Loaded when it is asked for, as the other lists of checks are. */
const areGates: Check = async (value) => {
  const { GATES } = await import("../review/change.ts");
  const unknown = value.split(",").filter((gate) => !(GATES as readonly string[]).includes(gate));
  if (unknown.length === 0) return undefined;
  return {
    allowed: `some of ${GATES.join(", ")}, with commas between them`,
    fix: `correct ${unknown.map((gate) => JSON.stringify(gate)).join(", ")}`,
  };
};

/** What only a review against a base has: its two sides are replayed with the same code. */
const REPLAY = ["prometheus", "since", "until", "night", "incidents"] as const;

const OF_A_REPLAY = { flags: ["prometheus"] } as const;

export const review = subcommand({
  name: "review",
  summary: "show what a change means: alerts, notifications, data, cluster, policies",
  description:
    "Previews every environment as it is now and as it was at the base, and compares what they deploy, alert on and route to. What is " +
    "riskiest comes first; order, formatting and generated numbers are left out. The base is previewed with its own code, once, and kept. " +
    "Writes review.md for a comment, review.html, review.json and review.sarif.",
  arguments: [
    {
      name: "environment",
      summary: "environments to compare; default: all that have a file or had one",
      count: "any",
      check: isEnvironment,
    },
  ],
  flags: {
    base: {
      type: "text",
      value: "<git ref or folder>",
      summary: "a branch, tag or commit, or a folder with an earlier out/",
    },
    plan: {
      type: "text",
      value: "<file>",
      summary:
        "instead of --base: the output of pulumi preview --json --show-sames; compares with what is deployed",
      check: isFile,
    },
    "fail-on": {
      type: "text",
      value: "<reasons>",
      summary: "end with 1 for a change of these kinds: deletes-data, unrouted, policy, breaking",
      check: areGates,
    },
    prometheus: {
      type: "text",
      value: "<URL or folder>",
      summary:
        "replay the alerts before and after over the history of this Prometheus or data directory; of several environments: prod=<URL>,dev=<URL>; a token in PROMETHEUS_TOKEN is sent",
    },
    since: { ...PERIOD.since, of: OF_A_REPLAY },
    until: { ...PERIOD.until, of: OF_A_REPLAY },
    night: { ...PERIOD.night, of: OF_A_REPLAY },
    incidents: { ...PERIOD.incidents, of: OF_A_REPLAY },
    today: TODAY,
    stacks: STACKS,
    out: { ...OUT, summary: "the folder that the review is written to; default: review/" },
  },
  examples: [
    { line: "review --base main", summary: "Compares with the branch main." },
    {
      line: "review prod --base HEAD~1 --fail-on deletes-data,unrouted",
      summary:
        "Compares production with the commit before, and ends with 1 if data is deleted or an alert has no receiver any more.",
    },
    {
      line: "review prod --base main --prometheus http://localhost:9090 --since 30d --incidents incidents.yaml",
      summary:
        "Says also how often the alerts would have fired in the last 30 days, before and after the change.",
    },
    {
      line: "review --plan plan.json",
      summary:
        "Compares with what is deployed, of: pulumi preview --json --show-sames --stack prod > plan.json",
    },
  ],
  check: (_, { base, plan, ...flags }) => [
    ...(base === undefined && plan === undefined
      ? [
          {
            path: "--base",
            found: "nothing",
            allowed: "what to compare with: --base <git ref or folder>, or --plan <file>",
            fix: "write --base main, or another branch",
          },
        ]
      : []),
    ...(base !== undefined && plan !== undefined
      ? [
          {
            path: "--plan",
            found: `${JSON.stringify(plan)}, beside --base`,
            allowed: "--base or --plan",
            fix: "leave one of the two out",
          },
        ]
      : []),
    ...(plan === undefined ? [] : REPLAY.filter((flag) => flags[flag] !== undefined)).map((flag) => ({
      path: `--${flag}`,
      found: `${JSON.stringify(flags[flag])}, beside --plan`,
      allowed: `--${flag} beside --base`,
      fix: "leave it out, or give a base",
    })),
  ],
  exits: {
    0: "the review is written, and no change is one of --fail-on",
    1: "the review is written, and some change is one of --fail-on",
  },
  run: {
    repository: async (environments, flags, surroundings) => {
      if (flags.plan !== undefined) {
        const { reviewPlan } = await import("../repository/review-plan.ts");
        return reviewPlan(environments, { ...flags, today: dayOf(flags) }, surroundings);
      }
      const { reviewChanges } = await import("../repository/review.ts");
      return reviewChanges(environments, { ...flags, today: dayOf(flags) }, surroundings);
    },
  },
});
