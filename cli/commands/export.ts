import { isService, oneOf } from "../command-line/checks.ts";
import { dayOf, ENVIRONMENT } from "../command-line/flags.ts";
import { printOutcome } from "../command-line/outcome.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const isFormat: Check = async (value) => {
  const { FORMATS } = await import("../../components/exchange/model.ts");
  return oneOf(value, FORMATS);
};

export const exportSlo = subcommand({
  name: "export",
  summary: "print a service's objectives as a file of Sloth or OpenSLO",
  arguments: [{ name: "service", summary: "the name of a service that is defined", check: isService }],
  flags: {
    format: {
      type: "text",
      value: "<format>",
      summary: "sloth or openslo",
      required: true,
      check: isFormat,
    },
    environment: {
      ...ENVIRONMENT,
      summary:
        "the objectives in this environment; in a project with the npm package, in this stack; default: those where no environment differs, or of the first stack",
    },
  },
  examples: [
    { line: "export storefront --format sloth > storefront.yaml", summary: "Writes a file of Sloth." },
    {
      line: "export storefront --format openslo --environment prod",
      summary: "Prints the objectives of one environment.",
    },
  ],
  exits: {
    0: "the whole service was exported",
    1: "a part of the service has no counterpart; each is listed",
  },
  run: {
    repository: async ([name], { environment, format }, surroundings) => {
      const [{ exportCommand }, { services }] = await Promise.all([
        import("../exchange.ts"),
        import("../repository/services.ts"),
      ]);
      return printOutcome(exportCommand(await services(), name, format, environment), surroundings);
    },
    package: async ([name], { environment: stack, format }, surroundings) => {
      const [{ exportCommand }, { servicesOfProgram }] = await Promise.all([
        import("../exchange.ts"),
        import("../team/explain.ts"),
      ]);
      const found = await servicesOfProgram(surroundings.folder, dayOf({}), stack);
      const services = found.map(({ service }) => service);
      return printOutcome(exportCommand(services, name, format, found[0]?.environment), surroundings);
    },
  },
});
