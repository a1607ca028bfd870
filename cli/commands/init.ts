import { type Check, subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";
import { SERVICE_FLAGS } from "../new-service/flags.ts";

const isPlatform: Check = (value) =>
  /^[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(value)
    ? undefined
    : {
        allowed: "the stack of a platform: <organisation>/<project>/<stack>, such as acme/bellwether/prod",
        fix: "ask the platform team, or run: pulumi stack ls --all",
      };

const isContext: Check = (value) =>
  /^[\w.@:/-]{1,253}$/.test(value)
    ? undefined
    : {
        allowed: "the name of a kubeconfig context",
        fix: "write one that is listed by: kubectl config get-contexts",
      };

export const init = subcommand({
  name: "init",
  summary: "write a Pulumi project of your own with one service",
  description:
    "Writes a Pulumi project for the services of a team to the current folder: the program with one service, its test, package.json, " +
    "tsconfig.json, Pulumi.yaml and the file of one stack. It overwrites no file. The command asks for what the flags do not set. " +
    "Without a terminal, flags must set everything that has no default.",
  arguments: [{ name: "service", summary: "the name of the first service", count: "optional" }],
  flags: {
    platform: {
      type: "text",
      value: "<platform>",
      summary: "the platform's stack: <organisation>/<project>/<stack>",
      required: true,
      check: isPlatform,
    },
    context: {
      type: "text",
      value: "<context>",
      summary: "the kubeconfig context of the platform's cluster; default: the current one of who deploys",
      check: isContext,
    },
    ...SERVICE_FLAGS,
  },
  examples: [
    {
      line: 'init checkout --platform acme/bellwether/prod --owner shop --tier critical --description "Takes orders and payments" --namespace shop --set port=http --set metrics=otel',
      summary: "Writes a project whose stack prod adds its services to the platform's stack prod.",
    },
  ],
  exits: { 0: "the project is written" },
  run: {
    package: async ([name], { platform = "", context, ...given }, { stdin, stdout, folder }) => {
      const [{ writeProject }, { answersFor }] = await Promise.all([
        import("../team/init.ts"),
        import("../new-service/interview.ts"),
      ]);
      const { answers, close } = answersFor(name, given, stdin, stdout);
      stdout.write(await writeProject(folder, { platform, context }, answers).finally(close));
      return EXIT.fine;
    },
  },
});
