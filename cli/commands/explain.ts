import { resolve } from "node:path";
import { isService } from "../command-line/checks.ts";
import { dayOf, ENVIRONMENT, STACKS, TODAY } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";
import { paintFor } from "../paint.ts";

export const explain = subcommand({
  name: "explain",
  summary: "show what a service gets: scraping, objectives, alerts and their receivers, dashboards, and why",
  description:
    "Shows for a service, in each environment, what Prometheus scrapes, which objectives hold and where each comes from, which " +
    "alerts exist and which receivers they notify, and the dashboards.",
  arguments: [{ name: "service", summary: "the name of a service that is defined", check: isService }],
  flags: {
    environment: {
      ...ENVIRONMENT,
      summary:
        "one environment; in a project with the npm package, one of its stacks; default: all environments, or the first stack",
    },
    stacks: STACKS,
    today: TODAY,
  },
  examples: [
    { line: "explain storefront --environment prod", summary: "Explains a service in one environment." },
  ],
  exits: { 0: "the explanation is printed" },
  run: {
    repository: async ([name], flags, { stdout, env, folder }) => {
      const [{ explainService, severalMistakes }, { services }] = await Promise.all([
        import("../repository/explain.ts"),
        import("../repository/services.ts"),
      ]);
      const stacks = flags.stacks === undefined ? {} : { stacks: resolve(folder, flags.stacks) };
      const options = { name, ...flags, ...stacks, today: dayOf(flags) };
      const { text, mistaken } = explainService(await services(), options, paintFor(stdout, env));
      stdout.write(text);
      if (mistaken.length > 0) throw severalMistakes(mistaken);
      return EXIT.fine;
    },
    package: async ([name], { environment, ...flags }, { folder, stdout, env }) => {
      const { explainProgram } = await import("../team/explain.ts");
      const options = { name, today: dayOf(flags), ...(environment !== undefined && { stack: environment }) };
      stdout.write(await explainProgram(folder, options, paintFor(stdout, env)));
      return EXIT.fine;
    },
  },
});
