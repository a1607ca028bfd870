import { isAddress, isEnvironment } from "../command-line/checks.ts";
import { dayOf, STACKS, TODAY } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const verify = subcommand({
  name: "verify",
  summary: "compare the services of an environment with what its Prometheus scrapes, stores and evaluates",
  description:
    "Asks a running Prometheus for each service of an environment: targets and their scrape interval, the series and statuses that objectives " +
    "read, the buckets of thresholds, the rules as they are rendered, and whether each objective has data. Prints for each what was found and, if it is " +
    "wrong, what is allowed and how to fix it. Changes nothing. A token in the variable PROMETHEUS_TOKEN is sent as bearer token.",
  arguments: [
    {
      name: "environment",
      summary: "the environment that is deployed; in a project with the npm package, one of its stacks",
      check: isEnvironment,
    },
  ],
  flags: {
    prometheus: {
      type: "text",
      value: "<URL>",
      summary: "the address of its Prometheus, such as http://localhost:9090 of a forwarded port",
      required: true,
      check: isAddress,
    },
    service: { type: "text", value: "<service>", summary: "one service; default: all that run there" },
    stacks: STACKS,
    today: TODAY,
  },
  examples: [
    {
      line: "verify local --prometheus http://localhost:9090",
      summary: "Verifies a cluster on a laptop, whose Prometheus is forwarded to port 9090.",
    },
  ],
  exits: { 0: "nothing is wrong", 1: "something is wrong" },
  run: {
    repository: async ([environment = ""], flags, surroundings) => {
      const { verifyEnvironment } = await import("../repository/verify.ts");
      const { prometheus = "", ...others } = flags;
      return verifyEnvironment(environment, { ...others, prometheus, today: dayOf(flags) }, surroundings);
    },
    package: async ([stack = ""], { prometheus = "", ...flags }, surroundings) => {
      const { verifyProgram } = await import("../team/verify.ts");
      return verifyProgram(stack, { ...flags, prometheus, today: dayOf(flags) }, surroundings);
    },
  },
});
