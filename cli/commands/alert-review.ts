import { isAddress, isFile } from "../command-line/checks.ts";
import { OUT, PERIOD } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const alertReview = subcommand({
  name: "alert-review",
  summary: "say what each alert did over a month, and what to raise, lower, lengthen or delete",
  description:
    "Counts what each alert of a running Prometheus did: firings, their length, at night, flaps, repeated, ended by themselves, silenced, and " +
    "the incidents in which they fired; by team. Proposes changes, each with a replay over the same period that shows what it would have done. " +
    "Writes alert-review.md, alert-review.html and alert-review.json. Changes nothing. Tokens in the variables PROMETHEUS_TOKEN and ALERTMANAGER_TOKEN are " +
    "sent as bearer tokens.",
  arguments: [],
  flags: {
    prometheus: {
      type: "text",
      value: "<URL>",
      summary: "the address of the Prometheus that evaluates the alerts",
      required: true,
      check: isAddress,
    },
    ...PERIOD,
    since: { ...PERIOD.since, summary: "how much of the history is reviewed; default: 30d" },
    until: { ...PERIOD.until, summary: "where the period ends; default: now" },
    alertmanager: {
      type: "text",
      value: "<URL>",
      summary: "ask this Alertmanager for silences",
      check: isAddress,
    },
    last: {
      type: "text",
      value: "<file>",
      summary: "the alert-review.json of an earlier review, to compare with",
      check: isFile,
    },
    out: { ...OUT, summary: "the folder that the review is written to; default: alert-review/" },
  },
  examples: [
    {
      line: "alert-review --prometheus http://localhost:9090 --alertmanager http://localhost:9093 --incidents incidents.yaml",
      summary: "Reviews the last 30 days, with silences and incidents.",
    },
    {
      line: "alert-review --prometheus http://localhost:9090 --since 90d --last alert-review/alert-review.json --out next",
      summary: "Reviews a quarter, and compares it with an earlier review.",
    },
  ],
  exits: { 0: "the review is written" },
  run: {
    repository: async (_, { prometheus = "", ...flags }, surroundings) => {
      const { writeAlertReview } = await import("../repository/alert-review.ts");
      return writeAlertReview({ prometheus, ...flags }, surroundings);
    },
  },
});
