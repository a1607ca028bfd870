import { OF_FILES } from "../command-line/flags.ts";
import { printOutcome } from "../command-line/outcome.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const importSlo = subcommand({
  name: "import",
  summary: "print service definitions for files of Sloth, Pyrra or OpenSLO, and for PrometheusRules",
  description:
    "Reads objectives from files of Sloth, Pyrra or OpenSLO, and alerts from PrometheusRules, and prints a definition for each service, on standard output. In the " +
    "platform's repository it also reads the values.yaml of kube-prometheus-stack, and prints the file of an environment. What the " +
    "output cannot express is printed on standard error.",
  arguments: [
    {
      name: "file",
      summary:
        "files of Sloth, Pyrra or OpenSLO, PrometheusRules, or one values.yaml of kube-prometheus-stack",
      count: "some",
    },
  ],
  flags: {
    ...OF_FILES,
    name: {
      type: "text",
      value: "<name>",
      summary: "for a values.yaml: the name of the new environment",
      where: "repository",
    },
    context: {
      type: "text",
      value: "<context>",
      summary: "for a values.yaml: the context of the kubeconfig; default: the name of the environment",
      where: "repository",
    },
  },
  examples: [
    {
      line: "import slos/*.yaml --owner shop --namespace shop > imported.ts",
      summary: "Writes the definitions to a file.",
    },
    {
      line: "import values.yaml --name trial > stacks/Pulumi.trial.yaml",
      summary: "Writes the environment of a release of kube-prometheus-stack.",
      where: "repository",
    },
  ],
  exits: { 0: "everything was imported", 1: "a part of a file has no counterpart; each is listed" },
  run: {
    repository: async (files, flags, surroundings) => {
      const { importInRepository } = await import("../repository/import.ts");
      return printOutcome(await importInRepository(files, flags), surroundings);
    },
    package: async (files, flags, surroundings) => {
      const { importCommand } = await import("../exchange.ts");
      return printOutcome(importCommand(files, flags), surroundings);
    },
  },
});
