import { OUT } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const drift = subcommand({
  name: "drift",
  summary: "show in the words of a review what differs from the last deployment",
  description:
    "Reads what `pulumi refresh --preview-only --json` printed, and says which resources exist in another form than the last deployment gave them, and " +
    "which do not exist any more. Of `pulumi preview --refresh --json` it says what the next deployment would change. Changes nothing. Writes the " +
    "same files as `review`.",
  arguments: [{ name: "plan", summary: "the file with the output of pulumi" }],
  flags: { out: { ...OUT, summary: "the folder that the review is written to; default: review/" } },
  examples: [
    {
      line: "drift drift.json",
      summary: "Reads the output of: pulumi refresh --preview-only --json --stack prod > drift.json",
    },
  ],
  exits: { 0: "nothing differs", 1: "something differs" },
  run: {
    repository: async ([plan = ""], flags, surroundings) => {
      const { showDrift } = await import("../repository/drift.ts");
      return showDrift(plan, flags, surroundings);
    },
  },
});
