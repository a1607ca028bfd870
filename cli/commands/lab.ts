import { isEnvironment, isNewFile } from "../command-line/checks.ts";
import { dayOf, STACKS, TODAY } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";
import { SCENARIO_NAMES } from "../lab/scenarios.ts";

/** The fastest: a scrape each half second, where it is each half minute in production. */
const FASTEST = 60;

const isFactor: Check = (value) =>
  /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= FASTEST
    ? undefined
    : { allowed: `a whole number from 1 to ${FASTEST}`, fix: "correct it" };

const isPort: Check = (value) =>
  /^\d+$/.test(value) && Number(value) <= 65_535
    ? undefined
    : { allowed: "a port from 0 to 65535; 0 takes one that is free", fix: "correct it" };

const isScenario: Check = (value) =>
  SCENARIO_NAMES.includes(value)
    ? undefined
    : { allowed: SCENARIO_NAMES.join(", "), fix: "name one of them" };

export const lab = subcommand({
  name: "lab",
  summary:
    "run the alerting of an environment on this machine, with simulated services and faults to switch on",
  description:
    "Starts Prometheus and Alertmanager of the versions that are deployed, without Kubernetes, with the rules and routes of the environment as they are rendered. " +
    "Its services are simulated: they count requests in the series that their objectives read. A page in the browser has their objectives, the alerts, the messages as their " +
    "receivers would show them, and switches for faults; it compares the time to the message with what is promised. No message leaves the machine. " +
    "With --scenario, a game day switches the faults at its times, and a debrief says what was noticed when, and by which message. " +
    "Everything listens on the loopback interface. Ctrl-C stops the lab and removes its files.",
  arguments: [
    {
      name: "environment",
      summary: "the environment; default: local",
      count: "optional",
      check: isEnvironment,
    },
  ],
  flags: {
    faster: {
      type: "text",
      value: "<number>",
      summary: `how many times faster than in production time passes, 1 to ${FASTEST}; default: 10`,
      check: isFactor,
    },
    port: {
      type: "text",
      value: "<port>",
      summary: "the port of the page; default: one that is free",
      check: isPort,
    },
    scenario: {
      type: "text",
      value: "<name>",
      summary: `a game day to play: ${SCENARIO_NAMES.join(", ")}`,
      check: isScenario,
    },
    debrief: {
      type: "text",
      value: "<file>",
      summary: "the file for the debrief of the game day; default: game-day-<scenario>-<environment>.md",
      of: { flags: ["scenario"] },
      check: isNewFile,
    },
    stacks: STACKS,
    today: TODAY,
  },
  examples: [
    { line: "lab", summary: "Runs a lab of the environment local, ten times faster than in production." },
    {
      line: "lab prod --scenario zone-loss --faster 60",
      summary: "Plays the loss of a zone in 40 seconds, and writes its debrief.",
    },
    { line: "lab prod --faster 1", summary: "Runs a lab of prod in which time passes as it does there." },
  ],
  exits: { 0: "the lab was stopped" },
  run: {
    repository: async ([environment = "local"], flags, surroundings) => {
      const { runLab } = await import("../repository/lab.ts");
      const { faster = "10", port = "0", stacks, scenario, debrief } = flags;
      const settings = { faster: Number(faster), port: Number(port), today: dayOf(flags) };
      return runLab(
        environment,
        {
          ...settings,
          ...(stacks === undefined ? {} : { stacks }),
          ...(scenario === undefined ? {} : { scenario }),
          ...(debrief === undefined ? {} : { debrief }),
        },
        surroundings,
      );
    },
  },
});
