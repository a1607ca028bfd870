import { again } from "../command-line/again.ts";
import { dayOf, TODAY } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";
import { SERVICE_FLAGS } from "../new-service/flags.ts";

export const newService = subcommand({
  name: "new-service",
  summary: "write the definition of a new service",
  description:
    "Writes the definition of a new service. The command asks for what the flags do not set. Without a terminal, flags must set everything that has no default.",
  arguments: [{ name: "name", summary: "the service's name", count: "optional" }],
  flags: {
    ...SERVICE_FLAGS,
    today: { ...TODAY, where: "repository" },
    "no-preview": {
      type: "switch",
      summary: "write the files and do not preview them",
      where: "repository",
    },
  },
  examples: [
    { line: "new-service", summary: "Asks for everything." },
    {
      line: 'new-service checkout --owner shop --tier critical --description "Takes orders and payments" --namespace shop --kind http --set port=http --set metrics=otel',
      summary: "Asks for nothing.",
    },
    {
      line: 'new-service nightly-export --owner shop --tier standard --description "Exports the orders of the day" --namespace shop --kind batch --set cronJob=nightly-export --set objectives.freshness.maxAge=26h',
      summary: "Writes the definition of a CronJob.",
    },
    {
      line: 'new-service search --from http://localhost:8080/metrics --owner shop --description "Finds goods" --namespace shop --set port=http',
      summary: "Finds out from the service's metrics which library writes them.",
    },
  ],
  exits: {
    0: "the definition is written",
    1: "the definition is written, and its preview reports a policy violation or an alert without a receiver",
  },
  run: {
    repository: async ([name], { today: day, "no-preview": withoutPreview, ...given }, surroundings) => {
      const { stdin, stdout, folder } = surroundings;
      const today = dayOf({ ...(day !== undefined && { today: day }) });
      const [{ newService: write }, { answersFor, completed }] = await Promise.all([
        import("../repository/new-service.ts"),
        import("../new-service/interview.ts"),
      ]);
      const { answers, close } = answersFor(name, await completed(given, stdout), stdin, stdout);
      stdout.write((await write(answers, today).finally(close)).text);
      if (withoutPreview === true) return EXIT.fine;
      // A process of its own: this one has read the services as they were.
      return again(["preview", "--today", today], folder);
    },
    package: async ([name], given, { stdin, stdout, folder }) => {
      const [{ newServiceFile }, { answersFor, completed }] = await Promise.all([
        import("../team/new-service.ts"),
        import("../new-service/interview.ts"),
      ]);
      const { answers, close } = answersFor(name, await completed(given, stdout), stdin, stdout);
      stdout.write(await newServiceFile(folder, answers).finally(close));
      return EXIT.fine;
    },
  },
});
