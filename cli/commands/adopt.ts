import { OF_FILES } from "../command-line/flags.ts";
import { printOutcome } from "../command-line/outcome.ts";
import { both, subcommand } from "../command-line/subcommand.ts";

export const adopt = subcommand({
  name: "adopt",
  summary: "print service definitions for ServiceMonitors and PodMonitors that exist",
  description:
    "Reads ServiceMonitors and PodMonitors from YAML files and prints a definition for each, on standard output. What a definition " +
    "cannot express, and what remains to be done before the old monitors are deleted, is printed on standard error.",
  arguments: [{ name: "file", summary: "YAML files with ServiceMonitors or PodMonitors", count: "some" }],
  flags: OF_FILES,
  examples: [
    {
      line: "adopt monitors.yaml --owner shop > services.ts",
      summary:
        "Where monitors.yaml was written by: kubectl get servicemonitors --output yaml > monitors.yaml",
    },
  ],
  exits: { 0: "nothing remains to be done", 1: "definitions are printed, and what remains to be done" },
  run: both(async (files, defaults, surroundings) => {
    const { adoptCommand } = await import("../adopt.ts");
    return printOutcome(adoptCommand(files, defaults), surroundings);
  }),
});
