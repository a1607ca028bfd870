import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const schema = subcommand({
  name: "schema",
  summary: "write stacks/environment.schema.json, the JSON Schema of an environment, for editors",
  arguments: [],
  flags: {},
  examples: [{ line: "schema", summary: "Writes the file." }],
  exits: { 0: "the file is written" },
  run: {
    repository: async (_, __, { folder, stdout }) => {
      const { writeSchema } = await import("../repository/schema.ts");
      stdout.write(`Wrote ${writeSchema(folder)}.\n`);
      return EXIT.fine;
    },
  },
});
