import { isAddress } from "../command-line/checks.ts";
import { OUT, STACKS } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const isMonth: Check = (value) =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(value)
    ? undefined
    : { allowed: "a month, as YYYY-MM", fix: "write a month such as 2026-10" };

export const sloReport = subcommand({
  name: "slo-report",
  summary: "report a month of objectives: budgets, what spent them, time to page, journeys",
  description:
    "Reads the objectives that a running Prometheus records over a calendar month in UTC: the error budget of each, what spent it and which alerts fired " +
    "then, how long each page took beside what is promised, and the state that an error budget policy goes by; by team. Journeys over several services are in " +
    "stacks/journeys.yaml, maintenance that spends no budget is in stacks/maintenance.yaml. Writes slo-report.html and slo-report.json. Changes nothing. " +
    "A token in the variable PROMETHEUS_TOKEN is sent as bearer token.",
  arguments: [],
  flags: {
    prometheus: {
      type: "text",
      value: "<URL>",
      summary: "the address of the Prometheus that records the objectives",
      required: true,
      check: isAddress,
    },
    month: {
      type: "text",
      value: "<YYYY-MM>",
      summary: "the month; default: the last one",
      check: isMonth,
    },
    stacks: STACKS,
    out: { ...OUT, summary: "the folder that the report is written to; default: slo-report/" },
  },
  examples: [
    {
      line: "slo-report --prometheus http://localhost:9090 --month 2026-10",
      summary: "Reports October.",
    },
  ],
  exits: { 0: "the report is written" },
  run: {
    repository: async (_, { prometheus = "", ...flags }, surroundings) => {
      const { writeSloReport } = await import("../repository/slo-report.ts");
      return writeSloReport({ prometheus, ...flags }, surroundings);
    },
  },
});
