import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ANSWERS, again, command, dayOf, nameIn, runCommandLine, tell, UsageError } from "./command-line.ts";
import { EXIT } from "./exit.ts";
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

const TEXT = { type: "string" } as const;
/** What people set where no file says it. */
const DEFAULTS_OF_FILES = { owner: TEXT, namespace: TEXT, tier: TEXT };

const COMMANDS = {
  preview: command(
    { today: TEXT, stacks: TEXT, out: TEXT, prometheus: TEXT },
    async (environments, { today: day, stacks, out, prometheus }) => {
      const today = dayOf({ today: day });
      for (const name of environments) checkName(name);
      const [
        { DRAWINGS_FOLDER, loadPlatform, OUT_FOLDER, STACKS_FOLDER },
        { preview },
        { progressOn, summary },
        { paintFor },
      ] = await Promise.all([
        import("./platform.ts"),
        import("./preview.ts"),
        import("./terminal.ts"),
        import("./paint.ts"),
      ]);
      const result = await preview(await loadPlatform(today), {
        environments,
        today,
        stacksFolder: stacks === undefined ? STACKS_FOLDER : resolve(stacks),
        outFolder: out === undefined ? OUT_FOLDER : resolve(out),
        progress: progressOn(process.stderr, paintFor(process.stderr, process.env)),
        drawingsFolder: DRAWINGS_FOLDER,
        ...(prometheus === undefined ? {} : { pictures: await prometheusAt(prometheus) }),
      });
      const shownPath = (path: string) => relative("", path) || ".";
      process.stdout.write(`\n${summary(result, paintFor(process.stdout, process.env), shownPath)}`);
      if (result.mistaken.length > 0) return EXIT.mistake;
      return result.previewed.every(({ report }) => passes(report)) ? EXIT.fine : EXIT.refused;
    },
  ),

  schema: command({}, async (rest) => {
    if (rest.length > 0) throw new UsageError("schema takes no arguments");
    const [{ environmentJsonSchema }, { STACKS_FOLDER }] = await Promise.all([
      import("../stacks/json-schema.ts"),
      import("./platform.ts"),
    ]);
    const file = join(STACKS_FOLDER, "environment.schema.json");
    writeFileSync(file, `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`);
    process.stdout.write(`${relative("", file)} is written.\n`);
    return EXIT.fine;
  }),

  import: command(DEFAULTS_OF_FILES, async (files, defaults) => {
    const { importCommand } = await import("./exchange.ts");
    return tell(importCommand(files, defaults));
  }),

  export: command({ format: TEXT, environment: TEXT }, async (rest, flags) => {
    if (rest.length > 1) throw new UsageError("export takes one service");
    const [{ exportCommand }, { services }] = await Promise.all([
      import("./exchange.ts"),
      import("../stacks/services/index.ts"),
    ]);
    return tell(exportCommand(services, rest[0], flags));
  }),

  rules: command(
    {
      ...DEFAULTS_OF_FILES,
      environment: TEXT,
      stacks: TEXT,
      out: TEXT,
      "scrape-interval": TEXT,
      runbooks: TEXT,
    },
    async (files, { environment, stacks, ...rest }) => {
      if (environment === undefined) {
        const { rulesOfFiles } = await import("./rules.ts");
        return tell(rulesOfFiles(files, rest));
      }
      if (files.length > 0)
        throw new UsageError("rules takes files, or an environment of the services here, and not both");
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
    },
  ),

  explain: command(
    { environment: TEXT, stacks: TEXT, today: TEXT },
    async (rest, { environment, stacks, today }) => {
      if (rest.length > 1) throw new UsageError("explain takes one service");
      const [{ explainService }, { services }, { STACKS_FOLDER }, { paintFor }] = await Promise.all([
        import("./explain.ts"),
        import("../stacks/services/index.ts"),
        import("./platform.ts"),
        import("./paint.ts"),
      ]);
      const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(stacks);
      const options = { name: rest[0], environment, stacksFolder, today: dayOf({ today }) };
      process.stdout.write(explainService(services, options, paintFor(process.stdout, process.env)));
      return EXIT.fine;
    },
  ),

  "new-service": command(
    { ...ANSWERS, today: TEXT, "no-preview": { type: "boolean" } },
    async (rest, { today: day, "no-preview": withoutPreview, ...given }) => {
      const today = dayOf({ today: day });
      const [{ newService }, { answersFor }, { services }, { STACKS_FOLDER }] = await Promise.all([
        import("./new-service/command.ts"),
        import("./new-service/interview.ts"),
        import("../stacks/services/index.ts"),
        import("./platform.ts"),
      ]);
      const { answers, close } = answersFor(nameIn(rest), given);
      const servicesFolder = join(STACKS_FOLDER, "services");
      const options = { services, stacksFolder: STACKS_FOLDER, servicesFolder, today };
      const written = await newService(answers, options).finally(close);
      process.stdout.write(written.text);
      if (withoutPreview === true) return EXIT.fine;
      // A process of its own: this one has read the services as they were.
      return again(["preview", "--today", today]);
    },
  ),

  adopt: command(DEFAULTS_OF_FILES, async (files, defaults) => {
    const { adoptCommand } = await import("./adopt.ts");
    return tell(adoptCommand(files, defaults));
  }),
};

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

await runCommandLine(COMMANDS, HELP);
