import { again } from "../command-line/again.ts";
import { isService } from "../command-line/checks.ts";
import { dayOf, STACKS, TODAY } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const rename = subcommand({
  name: "rename",
  summary: "give a service another name, so that its error budgets continue",
  description:
    "Changes the name in the definition of a service and adds the old one to formerly, so that the rules go on with the records that " +
    "are there. Says what is created and deleted, what to change elsewhere, and what people see. Changes no other file.",
  arguments: [
    { name: "service", summary: "the name of a service that is defined", check: isService },
    { name: "new name", summary: "its name from now on" },
  ],
  flags: {
    stacks: STACKS,
    today: { ...TODAY, where: "package" },
    "no-preview": { type: "switch", summary: "change the definition and do not preview it" },
  },
  examples: [{ line: "rename storefront webshop", summary: "Calls storefront webshop." }],
  exits: {
    0: "the definition is changed",
    1: "the definition is changed, and its preview reports a policy violation or an alert without a receiver",
  },
  run: {
    repository: async ([service = "", name = ""], { stacks, "no-preview": withoutPreview }, surroundings) => {
      const { stdout, folder } = surroundings;
      const { renameService } = await import("../repository/rename.ts");
      stdout.write(await renameService(service, name, stacks));
      if (withoutPreview === true) return EXIT.fine;
      // A process of its own: this one has read the services as they were.
      return again(["preview", ...(stacks === undefined ? [] : ["--stacks", stacks])], folder);
    },
    package: async ([service = "", name = ""], flags, { stdout, folder }) => {
      const { renameInProgram } = await import("../team/rename.ts");
      const today = dayOf(flags);
      stdout.write(await renameInProgram(folder, service, name, today));
      return flags["no-preview"] === true ? EXIT.fine : again(["preview", "--today", today], folder);
    },
  },
});
