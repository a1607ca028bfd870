import { statSync } from "node:fs";
import { resolve } from "node:path";
import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { InvalidInputError, type Problem } from "../../../components/core/problems.ts";
import { momentIn } from "../../report/moments.ts";
import { type Incident, readIncidents } from "./incidents.ts";
import { blocksIn } from "./local.ts";
import { type Night, nightOf } from "./night.ts";

/** How a replay is asked for. */
export interface ReplayFlags {
  /** `<environment>=<URL or folder>`, with commas between several, or only the latter if one environment is compared. */
  readonly prometheus?: string;
  readonly since?: string;
  readonly until?: string;
  readonly night?: string;
  readonly incidents?: string;
}

/** The history of one environment. */
export interface Target {
  readonly environment: string;
  readonly at: { readonly url: string } | { readonly folder: string };
}

/** What is replayed. */
export interface Replays {
  readonly targets: readonly Target[];
  /** In seconds. */
  readonly since: number;
  /** In Unix seconds; undefined: now, or the newest sample of a folder. */
  readonly until: number | undefined;
  readonly night: Night & { readonly text: string };
  readonly incidents: readonly Incident[];
}

/** A comma that an environment follows: there may be others in a URL. */
const BETWEEN = /,(?=[A-Za-z0-9][\w.-]*=)/;
const SINCE = "30d";
const NIGHT = "22:00-07:00 UTC";

/** Reads the flags of a replay. Throws an InvalidInputError with every mistake. */
export function replaysOf(flags: ReplayFlags, environments: readonly string[], folder: string): Replays {
  const { prometheus } = flags;
  const problems: Problem[] = [];
  const targets = (prometheus?.split(BETWEEN) ?? []).flatMap((value): readonly Target[] => {
    const target = targetOf(value, environments, folder);
    if ("environment" in target) return [target];
    problems.push(target);
    return [];
  });
  for (const flag of ["since", "until", "night", "incidents"] as const)
    if (flags[flag] !== undefined && prometheus === undefined)
      problems.push({
        path: `--${flag}`,
        found: JSON.stringify(flags[flag]),
        allowed: "with --prometheus only",
        fix: "add --prometheus, or leave it out",
      });
  return { targets, ...periodOf("review", flags, folder, problems) };
}

/**
 * Which part of a history is looked at. Throws an InvalidInputError about `subject` with every mistake, those that were found `before` among
 * them.
 */
export function periodOf(
  subject: string,
  { since = SINCE, until, night: text = NIGHT, incidents }: Omit<ReplayFlags, "prometheus">,
  folder: string,
  before: readonly Problem[] = [],
): Omit<Replays, "targets"> {
  const problems = [...before];
  const refuse = (path: string, value: string, allowed: string) =>
    problems.push({ path, found: JSON.stringify(value), allowed, fix: "correct it" });
  if (!DURATION_PATTERN.test(since) || seconds(since) < 3600)
    refuse("--since", since, "a duration of at least 1h, such as 30d");
  const end = until === undefined ? undefined : momentIn(until);
  if (until !== undefined && end === undefined)
    refuse("--until", until, "a moment such as 2026-11-30T00:00:00Z");
  if (until !== undefined && end !== undefined && end > Date.now())
    refuse("--until", until, "a moment that has passed");
  const night = nightOf(text);
  if (night === undefined)
    refuse("--night", text, "hours and a time zone, such as 22:00-07:00 Europe/Berlin");
  if (problems.length > 0 || night === undefined) throw new InvalidInputError(subject, problems);
  return {
    since: seconds(since),
    until: end === undefined ? undefined : end / 1000,
    night: { ...night, text },
    incidents: incidents === undefined ? [] : readIncidents(resolve(folder, incidents)),
  };
}

function targetOf(value: string, environments: readonly string[], folder: string): Target | Problem {
  const named = /^([A-Za-z0-9][\w.-]*)=(.*)$/.exec(value);
  const [environment, place] =
    named === null ? [environments.length === 1 ? environments[0] : undefined, value] : [named[1], named[2]];
  const problem = (found: string, allowed: string, fix: string): Problem => ({
    path: "--prometheus",
    // A URL may have a password in it.
    found,
    allowed,
    fix,
  });
  if (environment === undefined)
    return problem(
      "an address without its environment",
      "<environment>=<URL or folder>, or one environment to compare",
      "write such as --prometheus prod=http://localhost:9090",
    );
  if (!environments.includes(environment))
    return problem(environment, `one of ${environments.join(", ")}`, "name an environment that is compared");
  if (/^https?:\/\//.test(place ?? "") && URL.canParse(place ?? ""))
    return { environment, at: { url: place ?? "" } };
  const path = resolve(folder, place ?? "");
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder && blocksIn(path).length > 0) return { environment, at: { folder: path } };
  return problem(
    isFolder ? `${place}, a folder without blocks` : "neither an http or https URL nor a folder",
    "the URL of a Prometheus, or the data directory of one",
    "correct it",
  );
}
