import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { validate } from "../../components/core/validation.ts";
import { writing } from "../writing.ts";

const moment = z.iso.datetime({ error: "a moment in UTC such as 2026-11-03T02:10:00Z" });

/** Moments of an incident beside its beginning and its end. */
export const MARKS = ["detected", "acknowledged", "mitigated"] as const;
export type Mark = (typeof MARKS)[number];

const headSchema = z.strictObject({
  name: z.string().min(1),
  environment: z.string().min(1),
  services: z.array(z.string()),
  start: moment,
  detected: moment.optional(),
  acknowledged: moment.optional(),
  mitigated: moment.optional(),
  end: moment.optional(),
});

/** What the head of an incident's file says. */
export type IncidentHead = z.output<typeof headSchema>;

/** Something that happened. */
export interface Entry {
  /** In UTC, to the second: 2026-11-03T02:10:00Z. */
  readonly at: string;
  readonly text: string;
}

export interface IncidentFile {
  readonly head: IncidentHead;
  readonly timeline: readonly Entry[];
  /** What follows the timeline: written by people. Empty before the review. */
  readonly rest: string;
}

const FORM = /^---\n([\s\S]*?)\n---\n[\s\S]*?\n## Timeline\n\n?((?:- [^\n]*\n?)*)([\s\S]*)$/;
const ENTRY = /^- (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC: (.*)$/;

/** The text of an incident's file. */
export function printIncident({ head, timeline, rest }: IncidentFile): string {
  const lines = timeline
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(
      ({ at, text }) => `- ${at.slice(0, 10)} ${at.slice(11, 19)} UTC: ${text.replace(/\s+/g, " ").trim()}`,
    );
  return `---\n${stringify(head).trimEnd()}\n---\n\n# ${head.name}\n\n## Timeline\n\n${lines.join("\n")}\n${rest === "" ? "" : `\n${rest.trim()}\n`}`;
}

/** Reads an incident's file. Throws an InvalidInputError for one that is not in its form. */
export function readIncident(path: string): IncidentFile {
  const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  const [whole, front = "", lines = "", rest = ""] = FORM.exec(text) ?? [];
  if (whole === undefined)
    throw new InvalidInputError(path, [
      {
        path,
        found: "a file without its head, or without the heading ## Timeline and its list",
        allowed: "a file that bellwether incident start has written",
        fix: "restore it from git",
      },
    ]);
  const head = validate(headSchema, parse(front), "");
  if (!head.ok) throw new InvalidInputError(path, head.problems);
  const timeline = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, day, time, said] = ENTRY.exec(line) ?? [];
      if (day === undefined || time === undefined)
        throw new InvalidInputError(path, [
          {
            path: "## Timeline",
            found: shown(line),
            allowed: "a line such as - 2026-11-03 02:10:00 UTC: what happened",
            fix: "correct it",
          },
        ]);
      return { at: `${day}T${time}Z`, text: said ?? "" };
    });
  return { head: head.value, timeline, rest };
}

export function writeIncident(path: string, incident: IncidentFile): void {
  writing(path, () => writeFileSync(path, printIncident(incident)));
}

const FILE = /^\d{4}-\d\d-\d\d-[a-z0-9-]+\.md$/;

/** Every incident of a folder, by its file. */
export function incidentsIn(folder: string): ReadonlyMap<string, IncidentFile> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort();
  return new Map(files.map((name) => [name, readIncident(join(folder, name))]));
}

/** The name of an incident's file: its day and its name. */
export function fileNameOf({ name, start }: Pick<IncidentHead, "name" | "start">): string {
  const words = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return `${start.slice(0, 10)}-${words || "incident"}.md`;
}

/** The file of ended incidents that `--incidents` of review and alert-review reads. */
export const LIST_FILE = "incidents.yaml";

/** Writes the list of the incidents that have ended. */
export function writeList(folder: string): void {
  const ended = [...incidentsIn(folder).values()].flatMap(({ head }) => {
    const { name, start, end, environment, services } = head;
    return end === undefined
      ? []
      : [{ name, start, end, environment, ...(services.length > 0 && { services }) }];
  });
  const path = join(folder, LIST_FILE);
  writing(path, () => writeFileSync(path, stringify(ended)));
}
