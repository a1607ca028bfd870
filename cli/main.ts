import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EXIT, type Exit, runMain, UsageError } from "./exit.ts";
import type { PictureSource } from "./pictures/data.ts";
import { passes } from "./report/model.ts";

// Each command loads what it needs: a mistake on the command line costs no SDK.

const HELP = `Bellwether: what \`pulumi up\` would provision, without an account, a cluster or the network.

  npm run preview [-- <environment> …]   preview environments, all of them where none is named
  npm run schema                         write stacks/environment.schema.json for editors
  node --import tsx cli/main.ts import <file …>
                                         print the definitions of the services in files of Sloth or OpenSLO
  node --import tsx cli/main.ts export <service> --format sloth|openslo
                                         print a service as a file of Sloth or OpenSLO
  node --import tsx cli/main.ts rules <file …>
                                         print Prometheus' rules for the objectives in files of Sloth or OpenSLO
  node --import tsx cli/main.ts rules --environment <environment>
                                         print the rules of all services, as the environment gets them
  npx bellwether explain <service>       what is watched, paged and drawn for a service in each environment, and why
  npx bellwether new-service             ask for what a service needs, write its definition, and preview it
  npx bellwether adopt <file …>          print definitions for the ServiceMonitors and PodMonitors in files of YAML

Options of preview, after --:
  --today YYYY-MM-DD   the day that support calendars and waivers are read at; else BELLWETHER_TODAY, else today
  --stacks <folder>    where the Pulumi.<environment>.yaml are; else stacks/
  --out <folder>       where previews go; else out/
  --prometheus <URL>   a Prometheus that the dashboards' pictures are drawn from; else synthetic series

Options of import:
  --owner <team>           the team of services whose file names none
  --namespace <namespace>  the namespace of services whose file names none
  --tier <tier>            critical, standard or best-effort; else standard

Options of rules:
  --out <folder>               write a file for each objective there; else print all as one
  --scrape-interval <time>     how often Prometheus scrapes, of files; else 30s
  --runbooks <url>             where runbooks are served, of files; else those of Bellwether
  --owner <team>               the team of services whose file names none
  --stacks <folder>            where the Pulumi.<environment>.yaml are; else stacks/

Options of export:
  --format <format>            sloth or openslo
  --environment <environment>  as the service is there; else as it is where it says nothing else

Options of explain:
  --environment <environment>  one environment; else all of them

Options of new-service, each of which is asked for at a terminal where it is missing:
  --owner, --tier, --description, --namespace   as in a definition
  --kind <kind>            what the service is measured as, such as http
  --set <field>=<value>    a field of the kind, such as port=http; once for each
  --no-preview             write the files and stop

Options of adopt: --owner and --tier, as those of import.

Exit codes: 0 fine; 1 a mandatory policy or a route fails, or something could not be carried over and is named; 2 a mistake in
what was written; 3 a defect of Bellwether.
docs/how-to/read-a-preview.md explains what a preview writes, docs/how-to/move-from-sloth-or-openslo.md what is carried over,
docs/slo-rules.md what the rules of an objective do.
`;

const OPTIONS = {
  today: { type: "string" },
  stacks: { type: "string" },
  out: { type: "string" },
  owner: { type: "string" },
  namespace: { type: "string" },
  tier: { type: "string" },
  format: { type: "string" },
  environment: { type: "string" },
  "scrape-interval": { type: "string" },
  runbooks: { type: "string" },
  description: { type: "string" },
  kind: { type: "string" },
  set: { type: "string", multiple: true },
  "no-preview": { type: "boolean" },
  prometheus: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Flags = { readonly [Name in Exclude<keyof typeof OPTIONS, "help" | keyof AnswerFlags>]?: string };
/** What only new-service takes. */
interface AnswerFlags {
  readonly set?: readonly string[];
  readonly "no-preview"?: boolean;
}

async function main(args: readonly string[]): Promise<Exit> {
  const { values, positionals } = parsed(args);
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined || command === "help") {
    process.stdout.write(HELP);
    return command === undefined && values.help !== true ? EXIT.mistake : EXIT.fine;
  }
  if (command === "preview") return previewCommand(rest, values);
  if (command === "schema") return schemaCommand(rest);
  if (command === "explain") return explainCommand(rest, values);
  if (command === "new-service") return newServiceCommand(rest, values);
  if (command === "adopt") return adoptCommand(rest, values);
  if (command === "import" || command === "export") return exchangeCommand(command, rest, values);
  if (command === "rules") return rulesCommand(rest, values);
  throw new UsageError(
    `there is no command ${JSON.stringify(command)}; there are preview, schema, import, export, rules, explain, new-service, adopt and help`,
  );
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function previewCommand(environments: readonly string[], flags: Flags): Promise<Exit> {
  const today = dayOf(flags);
  for (const name of environments) checkName(name);
  const [
    { DRAWINGS_FOLDER, loadPlatform, OUT_FOLDER, STACKS_FOLDER },
    { preview },
    { paintFor, progressOn, summary },
  ] = await Promise.all([import("./platform.ts"), import("./preview.ts"), import("./terminal.ts")]);
  const result = await preview(await loadPlatform(today), {
    environments,
    today,
    stacksFolder: flags.stacks === undefined ? STACKS_FOLDER : resolve(flags.stacks),
    outFolder: flags.out === undefined ? OUT_FOLDER : resolve(flags.out),
    progress: progressOn(process.stderr, paintFor(process.stderr, process.env)),
    drawingsFolder: DRAWINGS_FOLDER,
    ...(flags.prometheus === undefined ? {} : { pictures: await prometheusAt(flags.prometheus) }),
  });
  const shownPath = (path: string) => relative("", path) || ".";
  process.stdout.write(`\n${summary(result, paintFor(process.stdout, process.env), shownPath)}`);
  if (result.mistaken.length > 0) return EXIT.mistake;
  return result.previewed.every(({ report }) => passes(report)) ? EXIT.fine : EXIT.refused;
}

/** Pictures from a real Prometheus, as of now; their numbers differ from run to run. */
async function prometheusAt(url: string): Promise<PictureSource> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`${JSON.stringify(url)} is no URL of a Prometheus, such as http://localhost:9090`);
  const { prometheusSource } = await import("./pictures/prometheus.ts");
  return prometheusSource(url, Math.floor(Date.now() / 1000));
}

/** A name becomes the name of files and of a folder that is removed: nothing but a plain name may pass. */
function checkName(name: string): void {
  if (!/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name))
    throw new UsageError(
      `${JSON.stringify(name)} is no name of an environment: 1 to 40 lower-case letters, digits and hyphens`,
    );
}

function dayOf(flags: Flags): string {
  return checkedDay(flags.today ?? process.env["BELLWETHER_TODAY"] ?? new Date().toISOString().slice(0, 10));
}

function checkedDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  // Date rolls 2026-02-30 over into March; a day that exists comes back as it went in.
  if (
    /^\d{4}-\d{2}-\d{2}$/.test(day) &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString().slice(0, 10) === day
  )
    return day;
  throw new UsageError(`${JSON.stringify(day)} is no day; write one that exists as YYYY-MM-DD`);
}

async function schemaCommand(rest: readonly string[]): Promise<Exit> {
  if (rest.length > 0) throw new UsageError("schema takes no arguments");
  const [{ environmentJsonSchema }, { STACKS_FOLDER }] = await Promise.all([
    import("../stacks/json-schema.ts"),
    import("./platform.ts"),
  ]);
  const file = join(STACKS_FOLDER, "environment.schema.json");
  writeFileSync(file, `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`);
  process.stdout.write(`${relative("", file)} is written.\n`);
  return EXIT.fine;
}

async function explainCommand(rest: readonly string[], flags: Flags): Promise<Exit> {
  if (rest.length > 1) throw new UsageError("explain takes one service");
  const [{ explainService }, { services }, { STACKS_FOLDER }, { paintFor }] = await Promise.all([
    import("./explain.ts"),
    import("../stacks/services/index.ts"),
    import("./platform.ts"),
    import("./terminal.ts"),
  ]);
  const { environment } = flags;
  const stacksFolder = flags.stacks === undefined ? STACKS_FOLDER : resolve(flags.stacks);
  const paint = paintFor(process.stdout, process.env);
  process.stdout.write(
    explainService(services, { name: rest[0], environment, stacksFolder, today: dayOf(flags) }, paint),
  );
  return EXIT.fine;
}

async function newServiceCommand(rest: readonly string[], flags: Flags & AnswerFlags): Promise<Exit> {
  const [name, ...more] = rest;
  if (more.length > 0) throw new UsageError("new-service takes one name");
  const [{ newService }, { answersFrom }, { services }, { STACKS_FOLDER }] = await Promise.all([
    import("./new-service/command.ts"),
    import("./new-service/interview.ts"),
    import("../stacks/services/index.ts"),
    import("./platform.ts"),
  ]);
  const { set = [], "no-preview": withoutPreview, ...given } = flags;
  const { answers, close } = answersFrom({ ...given, ...(name !== undefined && { name }) }, set);
  const servicesFolder = join(STACKS_FOLDER, "services");
  const options = { services, stacksFolder: STACKS_FOLDER, servicesFolder, today: dayOf(flags) };
  const written = await newService(answers, options).finally(close);
  process.stdout.write(written.text);
  if (withoutPreview === true) return EXIT.fine;
  // A process of its own: this one has read the services as they were.
  const { spawnSync } = await import("node:child_process");
  const [program = ""] = process.argv.slice(1);
  const preview = [...process.execArgv, program, "preview", "--today", dayOf(flags)];
  return (spawnSync(process.execPath, preview, { stdio: "inherit" }).status ?? EXIT.defect) as Exit;
}

async function adoptCommand(rest: readonly string[], flags: Flags): Promise<Exit> {
  const { adoptCommand: adopt } = await import("./adopt.ts");
  const { text, report } = adopt(rest, flags);
  process.stdout.write(text);
  process.stderr.write(report);
  return report === "" ? EXIT.fine : EXIT.refused;
}

async function exchangeCommand(
  command: "import" | "export",
  rest: readonly string[],
  flags: Flags,
): Promise<Exit> {
  const { exportCommand, importCommand } = await import("./exchange.ts");
  const { services } = command === "import" ? { services: [] } : await import("../stacks/services/index.ts");
  if (command === "export" && rest.length > 1) throw new UsageError("export takes one service");
  const { text, report } =
    command === "import" ? importCommand(rest, flags) : exportCommand(services, rest[0], flags);
  return tell({ text, report });
}

async function rulesCommand(files: readonly string[], flags: Flags): Promise<Exit> {
  const { environment, stacks, ...rest } = flags;
  if (files.length > 0 && environment !== undefined)
    throw new UsageError("rules takes files, or an environment of the services here, and not both");
  if (environment === undefined) {
    const { rulesOfFiles } = await import("./rules.ts");
    return tell(rulesOfFiles(files, rest));
  }
  checkName(environment);
  const given = Object.keys(rest).find((flag) => flag !== "out");
  if (given !== undefined)
    throw new UsageError(
      `--${given} is for files: an environment says by itself what its rules are made with`,
    );
  const [{ rulesOfEnvironment }, { STACKS_FOLDER }] = await Promise.all([
    import("./environment-rules.ts"),
    import("./platform.ts"),
  ]);
  const folder = stacks === undefined ? STACKS_FOLDER : resolve(stacks);
  return tell(rulesOfEnvironment(environment, folder, rest.out));
}

function tell({ text, report }: { readonly text: string; readonly report: string }): Exit {
  process.stdout.write(text);
  process.stderr.write(report);
  return report === "" ? EXIT.fine : EXIT.refused;
}

await runMain(main, HELP);
