import { isEnvironment } from "../command-line/checks.ts";
import { dayOf, OUT, STACKS, TODAY } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const isPrometheus: Check = (value) =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : {
        allowed: "a URL of a Prometheus server, with http or https",
        fix: "write a URL such as http://localhost:9090",
      };

export const preview = subcommand({
  name: "preview",
  summary: "show what `pulumi up` would create and what changes for alerts and policies",
  description:
    "Runs the Pulumi program of each environment without an engine, an account, a cluster or the network, checks the policies " +
    "and the routes of all alerts, and writes manifests, rules, dashboards and a report to out/<environment>/.",
  arguments: [
    {
      name: "environment",
      summary:
        "environments to preview; in a project with the npm package, its stacks; default: all that have a file",
      count: "any",
      check: isEnvironment,
    },
  ],
  flags: {
    today: TODAY,
    stacks: STACKS,
    out: { ...OUT, summary: "the folder that previews are written to; default: out/" },
    comparable: {
      type: "switch",
      summary: "write only what bellwether review compares, without reports and pictures: less work",
      where: "repository",
    },
    prometheus: {
      type: "text",
      value: "<URL>",
      summary:
        "draw the dashboards' pictures from this Prometheus server; default: synthetic series; a token in PROMETHEUS_TOKEN is sent",
      where: "repository",
      check: isPrometheus,
    },
  },
  examples: [
    { line: "preview", summary: "Previews every environment." },
    { line: "preview prod", summary: "Previews one; out/prod/report.html has the report." },
    {
      line: "preview prod --today 2027-03-31",
      summary: "Shows what the policies will report on that day: expired waivers, versions without support.",
    },
  ],
  check: (_, { comparable, prometheus }) =>
    comparable === true && prometheus !== undefined
      ? [
          {
            path: "--prometheus",
            found: "the flag beside --comparable, which writes no pictures",
            allowed: "one of them",
            fix: "leave one out",
          },
        ]
      : [],
  exits: {
    0: "nothing to report",
    1: "a mandatory policy reports a violation, or an alert has no receiver; the reports are written",
  },
  run: {
    repository: async (environments, flags, surroundings) => {
      const { previewEnvironments } = await import("../repository/preview.ts");
      return previewEnvironments(environments, { ...flags, today: dayOf(flags) }, surroundings);
    },
    package: async (stacks, flags, { folder }) => {
      const { previewProgram } = await import("../team/commands.ts");
      return previewProgram(folder, { stacks, today: dayOf(flags), out: flags.out ?? "out" });
    },
  },
});
