import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const schema = subcommand({
  name: "schema",
  summary: "write the JSON Schemas of the files in stacks/, for editors",
  arguments: [],
  flags: {},
  examples: [
    {
      line: "schema",
      summary: "Writes stacks/environment.schema.json, stacks/waivers.schema.json and the others.",
    },
  ],
  exits: { 0: "the files are written" },
  run: {
    repository: async (_, __, { folder, stdout }) => {
      const { writeSchemas } = await import("../repository/schema.ts");
      stdout.write(`Wrote ${writeSchemas(folder).join(", ")}.\n`);
      return EXIT.fine;
    },
  },
});
