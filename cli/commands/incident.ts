import { isAddress, isFile, isPast, isWritable, oneOf } from "../command-line/checks.ts";
import { ENVIRONMENT } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const ACTIONS = ["start", "note", "resolve"] as const;

/** Loaded when it is asked for, as the other lists of checks are. */
const isMark: Check = async (value) => oneOf(value, (await import("../incident/file.ts")).MARKS);

export const incident = subcommand({
  name: "incident",
  summary: "keep the timeline of an incident as a Markdown file, and fill in the times of its review",
  description:
    "start writes a file in incidents/ with the alerts that fire now. note adds a line to its timeline, and with --mark the moment at which the incident was detected, acknowledged or " +
    "mitigated. resolve adds the alerts, silences and annotations of that time from the APIs of Prometheus, Alertmanager and Grafana, a review to complete with the times to detect, acknowledge, " +
    "mitigate and resolve, and writes incidents.yaml, which --incidents of review and alert-review reads. Tokens in PROMETHEUS_TOKEN, ALERTMANAGER_TOKEN and GRAFANA_TOKEN are sent as bearer tokens.",
  arguments: [
    { name: "action", summary: "start, note or resolve", check: (value) => oneOf(value, ACTIONS) },
    {
      name: "text",
      summary: "start: the name of the incident; note: what happened; resolve: how it ended",
      count: "optional",
    },
  ],
  flags: {
    at: {
      type: "text",
      value: "<moment>",
      summary: "when it happened; default: now. Of start: since when users noticed it",
      check: isPast,
    },
    services: {
      type: "text",
      value: "<services>",
      summary: "start: the services that it is about, with commas between them; default: any",
      of: { words: ["start"] },
    },
    environment: {
      ...ENVIRONMENT,
      summary: "start: the environment; default: prod",
      of: { words: ["start"] },
    },
    mark: {
      type: "text",
      value: "<moment>",
      summary: "note: this is when it was detected, acknowledged or mitigated",
      of: { words: ["note"] },
      check: isMark,
    },
    prometheus: {
      type: "text",
      value: "<URL>",
      summary: "start: the alerts that fire now; resolve: those of the whole incident",
      of: { words: ["start", "resolve"] },
      check: isAddress,
    },
    alertmanager: {
      type: "text",
      value: "<URL>",
      summary: "resolve: its silences",
      of: { words: ["resolve"] },
      check: isAddress,
    },
    grafana: {
      type: "text",
      value: "<URL>",
      summary: "resolve: its annotations",
      of: { words: ["resolve"] },
      check: isAddress,
    },
    file: {
      type: "text",
      value: "<file>",
      summary: "note and resolve: the file of the incident; default: of the only one that has not ended",
      of: { words: ["note", "resolve"] },
      check: isFile,
    },
    folder: {
      type: "text",
      value: "<folder>",
      summary: "the folder of the incidents; default: incidents/",
      check: isWritable,
    },
  },
  examples: [
    {
      line: "incident start 'checkout fails' --services storefront --prometheus http://localhost:9090",
      summary: "Starts an incident, with the alerts that fire now.",
    },
    {
      line: "incident note 'rolled back storefront to 1.4' --mark mitigated",
      summary: "Adds a line, and says when it was mitigated.",
    },
    {
      line: "incident resolve --prometheus http://localhost:9090 --alertmanager http://localhost:9093",
      summary: "Ends it, with what the servers know, and writes the review to complete.",
    },
  ],
  check: ([action, text]) =>
    action !== "resolve" && ACTIONS.some((each) => each === action) && (text ?? "").trim() === ""
      ? [
          {
            path: "<text>",
            found: "nothing",
            allowed: action === "start" ? "the name of the incident" : "what happened",
            fix: "add it in quotes",
          },
        ]
      : [],
  exits: { 0: "the file is written" },
  run: {
    repository: async ([action, text = ""], flags, surroundings) => {
      const { startIncident, noteIncident, resolveIncident } = await import("../repository/incident.ts");
      if (action === "start") return startIncident(text, flags, surroundings);
      if (action === "note") return noteIncident(text, flags, surroundings);
      return resolveIncident(text, flags, surroundings);
    },
  },
});
