import { OF_FILES } from "../command-line/flags.ts";
import { printOutcome } from "../command-line/outcome.ts";
import { both, subcommand } from "../command-line/subcommand.ts";

export const importSlo = subcommand({
  name: "import",
  summary: "print service definitions for files of Sloth or OpenSLO",
  description:
    "Reads objectives from files of Sloth or OpenSLO and prints a definition for each service, on standard output. What a definition " +
    "cannot express is printed on standard error.",
  arguments: [{ name: "file", summary: "files of Sloth or OpenSLO", count: "some" }],
  flags: OF_FILES,
  examples: [
    {
      line: "import slos/*.yaml --owner shop --namespace shop > imported.ts",
      summary: "Writes the definitions to a file.",
    },
  ],
  exits: { 0: "everything was imported", 1: "a part of a file has no counterpart; each is listed" },
  run: both(async (files, defaults, surroundings) => {
    const { importCommand } = await import("../exchange.ts");
    return printOutcome(importCommand(files, defaults), surroundings);
  }),
});
