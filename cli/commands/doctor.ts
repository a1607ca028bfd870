import { isEnvironment } from "../command-line/checks.ts";
import { dayOf, STACKS, TODAY } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const doctor = subcommand({
  name: "doctor",
  summary: "check what `pulumi up` needs: programs, login, secrets, hosts, the cluster and permissions in it",
  description:
    "Checks on this machine and in the cluster of an environment what `pulumi up` needs, and prints for each check what was found " +
    "and, if it is wrong, what is allowed and how to fix it. Without an environment, checks what the commands need of this machine: programs and which commands " +
    "need them, the installed packages, the clock. Changes nothing and prints no secret.",
  arguments: [
    {
      name: "environment",
      summary: "the environment to deploy; default: only this machine",
      count: "optional",
      check: isEnvironment,
    },
  ],
  flags: { stacks: STACKS, today: TODAY },
  examples: [
    { line: "doctor", summary: "Checks a new machine." },
    { line: "doctor local", summary: "Checks a laptop before `pulumi up --stack local`." },
  ],
  exits: { 0: "nothing is wrong", 1: "something is wrong" },
  run: {
    repository: async ([environment], flags, surroundings) => {
      const { checkEnvironment, checkMachine } = await import("../repository/doctor.ts");
      if (environment === undefined) return checkMachine(surroundings);
      return checkEnvironment(environment, { ...flags, today: dayOf(flags) }, surroundings);
    },
  },
});
