import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const schema = subcommand({
  name: "schema",
  summary: "write the JSON Schemas of an environment and of the waivers, for editors",
  arguments: [],
  flags: {},
  examples: [
    { line: "schema", summary: "Writes stacks/environment.schema.json and stacks/waivers.schema.json." },
  ],
  exits: { 0: "the files are written" },
  run: {
    repository: async (_, __, { folder, stdout }) => {
      const { writeSchemas } = await import("../repository/schema.ts");
      stdout.write(`Wrote ${writeSchemas(folder).join(" and ")}.\n`);
      return EXIT.fine;
    },
  },
});
