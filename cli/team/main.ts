import { parseArgs } from "node:util";
import { EXIT, type Exit, runMain, UsageError } from "../exit.ts";

// The command of the npm package, in a team's own repository. The platform's own commands are in cli/main.ts.

const HELP = `Bellwether, for a team's own Pulumi program.

  npx bellwether preview [<stack> …]     what the program would create, whom its alerts reach, and what the policies say;
                                         all stacks that have a file where none is named
  npx bellwether explain <service>       what the platform will watch, page and draw for a service, and why
  npx bellwether rules <file …>          print Prometheus' rules for the objectives in files of Sloth or OpenSLO
  npx bellwether new-service             ask for what a service needs, and write its definition

Options of preview:
  --today YYYY-MM-DD   the day that waivers are read at; else BELLWETHER_TODAY, else today
  --out <folder>       where previews go; else out/

Options of explain:
  --stack <stack>      the stack; else the first that has a file

Options of new-service, each of which is asked for at a terminal where it is missing:
  --owner, --tier, --description, --namespace   as in a definition
  --kind <kind>            what the service is measured as, such as http
  --set <field>=<value>    a field of the kind, such as port=http; once for each

Options of rules:
  --out <folder>            write a file for each objective there; else print all as one
  --scrape-interval <time>  how often Prometheus scrapes; else 30s
  --runbooks <url>          where runbooks are served; else those of Bellwether
  --owner <team>            the team of services whose file names none

What the program's platforms export is read from platforms/<organisation>.<project>.<stack>.json, which this writes:

  pulumi stack output --json --stack <organisation>/<project>/<stack>

Exit codes: 0 fine; 1 a mandatory policy refuses it, or an alert reaches nobody; 2 a mistake in what was written; 3 a defect of
Bellwether.
`;

const OPTIONS = {
  today: { type: "string" },
  out: { type: "string" },
  stack: { type: "string" },
  owner: { type: "string" },
  tier: { type: "string" },
  description: { type: "string" },
  namespace: { type: "string" },
  kind: { type: "string" },
  set: { type: "string", multiple: true },
  "scrape-interval": { type: "string" },
  runbooks: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

async function main(args: readonly string[]): Promise<Exit> {
  const { values, positionals } = parsed(args);
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined || command === "help") {
    process.stdout.write(HELP);
    return command === undefined && values.help !== true ? EXIT.mistake : EXIT.fine;
  }
  const today = values.today ?? process.env["BELLWETHER_TODAY"] ?? new Date().toISOString().slice(0, 10);
  if (command === "preview") {
    const { previewProgram } = await import("./commands.ts");
    return previewProgram(process.cwd(), { stacks: rest, today, out: values.out ?? "out" });
  }
  if (command === "rules") {
    const { rulesOfFiles } = await import("../rules.ts");
    const { help: _, today: __, ...flags } = values;
    const { text, report } = rulesOfFiles(rest, flags);
    process.stdout.write(text);
    process.stderr.write(report);
    return report === "" ? EXIT.fine : EXIT.refused;
  }
  throw new UsageError(
    `there is no command ${JSON.stringify(command)}; there are preview, rules, explain, new-service and help`,
  );
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

await runMain(main, HELP);
