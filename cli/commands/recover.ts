import { resolve } from "node:path";
import { both, subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const recover = subcommand({
  name: "recover",
  summary: "print the commands that recover a stack from an interrupted `pulumi up`",
  description:
    "Reads what `pulumi stack export` wrote: which operations were interrupted, because Pulumi was killed or the machine went away. " +
    "Prints them with the commands that bring the stack back. Changes nothing.",
  arguments: [{ name: "export", summary: "the file that `pulumi stack export` wrote" }],
  flags: {},
  examples: [
    {
      line: "recover /dev/stdin",
      summary: "Reads the state from: pulumi stack export --stack prod | npx bellwether recover /dev/stdin",
    },
  ],
  exits: {
    0: "no operation was interrupted",
    1: "operations were interrupted; each is printed with the commands",
  },
  run: both(async ([file = ""], _, { folder, stdout }) => {
    const { recoveryFrom } = await import("../recovery.ts");
    const { text, interrupted } = recoveryFrom(resolve(folder, file), file);
    stdout.write(text);
    return interrupted === 0 ? EXIT.fine : EXIT.refused;
  }),
});
