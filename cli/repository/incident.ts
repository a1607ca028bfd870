import { existsSync, mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { firingNow, happened, moment, type Servers } from "../incident/events.ts";
import {
  type Entry,
  fileNameOf,
  type IncidentFile,
  incidentsIn,
  LIST_FILE,
  type Mark,
  readIncident,
  writeIncident,
  writeList,
} from "../incident/file.ts";
import { reviewTemplate } from "../incident/template.ts";
import { writing } from "../writing.ts";
import { services as definedServices } from "./services.ts";

/** How an incident is started, noted or resolved. */
export interface IncidentFlags extends Servers {
  /** When it happened. Default: now. */
  readonly at?: string;
  readonly environment?: string;
  /** With commas between them. */
  readonly services?: string;
  readonly mark?: string;
  /** The file of the incident. Default: of the only one that has not ended. */
  readonly file?: string;
  readonly folder?: string;
}

/** Starts an incident: writes its file, with the alerts that fire now. */
export async function startIncident(name: string, flags: IncidentFlags, at: Surroundings): Promise<Exit> {
  const { environment = "prod", services = "" } = flags;
  const head = {
    name: name.replace(/\s+/g, " ").trim(),
    environment,
    services: services
      .split(",")
      .map((service) => service.trim())
      .filter((service) => service !== ""),
    start: momentOf(flags),
  };
  const folder = folderOf(flags, at);
  const path = join(folder, fileNameOf(head));
  if (existsSync(path))
    throw mistake("<text>", `${shown(head.name)}, of which there is a file`, "another name", "choose one");
  const started: Entry = { at: head.start, text: "the incident starts" };
  const timeline = [started, ...(await firingNow(flags, head, moment(Date.now() / 1000), at.env))];
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  writeIncident(path, { head, timeline, rest: "" });
  at.stdout.write(`${relative(at.folder, path)}: started at ${head.start}\n`);
  for (const notice of await unknown(head.services)) at.stderr.write(`${notice}\n`);
  return EXIT.fine;
}

/** Services of programs of teams are not known here: a name may be right, or one that no alert has. */
async function unknown(named: readonly string[]): Promise<readonly string[]> {
  const known = (await definedServices()).map(({ name }) => name);
  return named
    .filter((service) => !known.includes(service))
    .map((service) => {
      const near = nearest(service, known);
      return `--services: ${shown(service)} is no service of this repository${near === undefined ? "." : `; did you mean ${near}?`} Its alerts are those with this label service.`;
    });
}

/** Adds a note to the timeline of an incident. */
export function noteIncident(text: string, flags: IncidentFlags, at: Surroundings): Exit {
  const [path, incident] = meant(flags, at);
  const when = momentOf(flags);
  const mark = flags.mark as Mark | undefined;
  const entry = { at: when, text: mark === undefined ? text : `${mark}: ${text}` };
  const head = mark === undefined ? incident.head : { ...incident.head, [mark]: when };
  writeIncident(path, { ...incident, head, timeline: [...incident.timeline, entry] });
  at.stdout.write(`${relative(at.folder, path)}: noted at ${when}\n`);
  return EXIT.fine;
}

/** Ends an incident: adds what the servers say happened, and the review to complete. An incident that ended is resolved anew. */
export async function resolveIncident(text: string, flags: IncidentFlags, at: Surroundings): Promise<Exit> {
  const [path, incident] = meant(flags, at);
  const end = momentOf(flags);
  if (end <= incident.head.start)
    throw mistake("--at", shown(end), `a moment after the start, ${incident.head.start}`, "correct it");
  const { entries, detected } = await happened(flags, incident.head, Date.parse(end) / 1000, at.env);
  const known = new Set(incident.timeline.map((entry) => JSON.stringify(entry)));
  const fresh = [...entries, { at: end, text: `the incident ends${text === "" ? "" : `: ${text}`}` }].filter(
    (entry) => !known.has(JSON.stringify(entry)),
  );
  const first = incident.head.detected ?? detected;
  const { detected: _, ...others } = incident.head;
  const head = { ...others, ...(first !== undefined && { detected: first }), end };
  writeIncident(path, {
    head,
    timeline: [...incident.timeline, ...fresh],
    rest: incident.rest.trim() === "" ? reviewTemplate(head) : incident.rest,
  });
  const folder = folderOf(flags, at);
  writeList(folder);
  at.stdout.write(
    `${relative(at.folder, path)}: resolved at ${end}, with ${fresh.length} new lines in the timeline\n${relative(at.folder, join(folder, LIST_FILE))}: written, for --incidents of review and alert-review\n`,
  );
  return EXIT.fine;
}

function folderOf({ folder = "incidents" }: IncidentFlags, at: Surroundings): string {
  return resolve(at.folder, folder);
}

function momentOf({ at }: IncidentFlags): string {
  return moment(at === undefined ? Date.now() / 1000 : Date.parse(at) / 1000);
}

/** The incident that is named, else the only one that has not ended. */
function meant(flags: IncidentFlags, at: Surroundings): readonly [string, IncidentFile] {
  if (flags.file !== undefined) {
    const path = resolve(at.folder, flags.file);
    return [path, readIncident(path)];
  }
  const folder = folderOf(flags, at);
  const open = [...incidentsIn(folder)].filter(([, { head }]) => head.end === undefined);
  const [only, ...more] = open;
  if (only !== undefined && more.length === 0) return [join(folder, only[0]), only[1]];
  throw mistake(
    "--file",
    only === undefined
      ? `no incident in ${relative(at.folder, folder) || "."} that has not ended`
      : `several incidents that have not ended: ${open.map(([name]) => name).join(", ")}`,
    "the file of one incident",
    only === undefined
      ? "start one with bellwether incident start, or name its file"
      : "name one with --file",
  );
}

function mistake(path: string, found: string, allowed: string, fix: string): InvalidInputError {
  const problem: Problem = { path, found, allowed, fix };
  return new InvalidInputError("incident", [problem]);
}
