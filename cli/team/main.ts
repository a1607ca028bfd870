import { ANSWERS, command, dayOf, nameIn, runCommandLine, tell, UsageError } from "../command-line.ts";
import { EXIT } from "../exit.ts";

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
  --today YYYY-MM-DD   as of preview

Options of new-service, each of which is asked for at a terminal where it is missing:
  --owner, --tier, --description, --namespace   as in a definition
  --kind <kind>            what the service is measured as, such as http
  --set <field>=<value>    a field of the kind, such as port=http; once for each

Options of rules:
  --out <folder>            write a file for each objective there; else print all as one
  --scrape-interval <time>  how often Prometheus scrapes; else 30s
  --runbooks <url>          where runbooks are served; else those of Bellwether
  --owner, --namespace, --tier   of services whose file does not say it

What the program's platforms export is read from platforms/<organisation>.<project>.<stack>.json, which this writes:

  pulumi stack output --json --stack <organisation>/<project>/<stack>

Exit codes: 0 fine; 1 a mandatory policy refuses it, or an alert reaches nobody; 2 a mistake in what was written; 3 a defect of
Bellwether.
`;

const TEXT = { type: "string" } as const;

const COMMANDS = {
  preview: command({ today: TEXT, out: TEXT }, async (stacks, { today, out = "out" }) => {
    const { previewProgram } = await import("./commands.ts");
    return previewProgram(process.cwd(), { stacks, today: dayOf({ today }), out });
  }),

  explain: command({ stack: TEXT, today: TEXT }, async (rest, { stack, today }) => {
    if (rest.length > 1) throw new UsageError("explain takes one service");
    const [{ explainProgram }, { paintFor }] = await Promise.all([
      import("./explain.ts"),
      import("../paint.ts"),
    ]);
    const options = { name: rest[0], today: dayOf({ today }), ...(stack !== undefined && { stack }) };
    const paint = paintFor(process.stdout, process.env);
    process.stdout.write(await explainProgram(process.cwd(), options, paint));
    return EXIT.fine;
  }),

  rules: command(
    { owner: TEXT, namespace: TEXT, tier: TEXT, out: TEXT, "scrape-interval": TEXT, runbooks: TEXT },
    async (files, flags) => {
      const { rulesOfFiles } = await import("../rules.ts");
      return tell(rulesOfFiles(files, flags));
    },
  ),

  "new-service": command(ANSWERS, async (rest, given) => {
    const [{ newServiceFile }, { answersFor }] = await Promise.all([
      import("./new-service.ts"),
      import("../new-service/interview.ts"),
    ]);
    const { answers, close } = answersFor(nameIn(rest), given);
    process.stdout.write(await newServiceFile(process.cwd(), answers).finally(close));
    return EXIT.fine;
  }),
};

await runCommandLine(COMMANDS, HELP);
