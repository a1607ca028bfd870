import { grouped } from "../core/grouped.ts";
import { labelSetKey } from "../core/label-set.ts";
import { isKnownJob } from "./metrics.ts";
import type { SourcedGroup } from "./rule.ts";
import type { Surroundings } from "./surroundings.ts";

// A thousand services have a few dozen forms of rules, which differ in names alone. The checks compare names and never spell them, so what they
// say of one service's rules they say of all that are alike, with the other name. What follows makes sure that it is so.

/** Rules that are those of another service but for names, and that are judged among the same others. */
export interface Alike {
  /** By their source: the source before it that they are like. */
  readonly sources: ReadonlyMap<string, string>;
  /** By the name of a service: the service whose rules its rules are like, itself where it is the first, and its names with placeholders. */
  readonly services: ReadonlyMap<string, { readonly like: string; readonly names: OwnNames }>;
}

/** The names of a service and its namespace, longest first, and what has their place in a text that is compared. */
export type OwnNames = readonly (readonly [name: string, placeholder: string])[];

/** The rules of one source that are about one service. */
interface Subject {
  readonly source: string;
  /** The value of the label `service` that every rule has. */
  readonly service: string;
  readonly names: OwnNames;
  /** All that the rules say, with placeholders. */
  readonly text: string;
}

export const NONE_ALIKE: Alike = { sources: new Map(), services: new Map() };

const [SERVICE, NAMESPACE] = ["\u0001", "\u0002"];

/** Finds the sources whose rules are those of another but for the names of a service and its namespace. */
export function alikeRules(written: readonly SourcedGroup[], surroundings: Surroundings): Alike {
  const bySource = grouped(written, ({ source }) => source);
  // Who judges them in their order has judged all of a source before the next, or none is like another.
  const isInTurn = [...bySource.values()].flat().every((group, index) => group === written[index]);
  if (!isInTurn) return NONE_ALIKE;
  const set = labelsSet(written);
  const subjects = [...bySource].flatMap(([source, groups]) => subjectOf(source, groups, set) ?? []);
  const classes = [...grouped(subjects, ({ text }) => text)].flatMap(([text, all]) =>
    all.length > 1 && isOnlyLookedUp(text, set) ? [all] : [],
  );
  if (classes.length === 0) return NONE_ALIKE;

  const words = wordsBeside(classes, written);
  const jobs = grouped(surroundings.jobs, ({ name }) => name);
  const sources = new Map<string, string>();
  const services = new Map<string, { like: string; names: OwnNames }>();
  for (const all of classes) {
    const alone = all.filter(({ service }) => !words.has(service) && !isKnownJob(service));
    for (const [first, ...rest] of grouped(alone, (subject) => scrapedAs(subject, jobs)).values()) {
      if (first === undefined || rest.length === 0) continue;
      for (const { source } of rest) sources.set(source, first.source);
      for (const { service, names } of [first, ...rest])
        services.set(service, { like: first.service, names });
    }
  }
  return { sources, services };
}

/** The labels that any rule sets, which matchers are held against. */
function labelsSet(written: readonly SourcedGroup[]): ReadonlySet<string> {
  return new Set(written.flatMap(({ rules }) => rules.flatMap(({ labels }) => Object.keys(labels ?? {}))));
}

/** The words of all other rules, and those that the rules of a class have beside their names. */
function wordsBeside(
  classes: readonly (readonly Subject[])[],
  written: readonly SourcedGroup[],
): ReadonlySet<string> {
  const members = new Set(classes.flat().map(({ source }) => source));
  const others = written.filter(({ source }) => !members.has(source)).map((group) => textOf([group]));
  const texts = [...others, ...classes.flatMap(([one]) => one?.text ?? [])];
  return new Set(texts.flatMap((text) => text.match(/[\w-]+/g) ?? []));
}

/** Undefined for rules that are not about one service. */
function subjectOf(
  source: string,
  groups: readonly SourcedGroup[],
  set: ReadonlySet<string>,
): Subject | undefined {
  const [service, ...more] = new Set(
    groups.flatMap(({ rules }) => rules.map(({ labels }) => labels?.["service"])),
  );
  if (service === undefined || more.length > 0 || !NAME.test(service)) return undefined;
  const whole = textOf(groups);
  if (PLACEHOLDERS.test(whole)) return undefined;
  const namespace = set.has("namespace") ? undefined : /[{,\s]namespace="([^"]+)"/.exec(whole)?.[1];
  const names = [
    [service, SERVICE] as const,
    ...(namespace === undefined || namespace === service || !NAME.test(namespace)
      ? []
      : [[namespace, NAMESPACE] as const]),
  ].sort(([one], [other]) => other.length - one.length);
  return { source, service, names, text: withPlaceholders(whole, names) };
}

/** A text with placeholders for names: equal texts say the same of services with other names. */
export function withPlaceholders(text: string, names: OwnNames): string {
  return names.reduce((rest, [name, placeholder]) => rest.replaceAll(name, placeholder), text);
}

/**
 * Whether names in a text are only looked up: none is part of the name of a metric or label, and none is compared in another way than to be equal with a
 * label that some rule or target has.
 */
export function isOnlyLookedUp(text: string, set: ReadonlySet<string>): boolean {
  return (
    !SPELT.test(text) &&
    [...text.matchAll(TRIED)].every(([, label = ""]) => label !== "job" && !set.has(label))
  );
}

/** As Kubernetes has names; short ones are parts of other words. */
const NAME = /^[a-z][a-z0-9-]{2,62}$/;
const PLACEHOLDERS = new RegExp(`[${SERVICE}${NAMESPACE}]`);
/** A name that is part of the name of a metric or label. */
const SPELT = new RegExp(`[${SERVICE}${NAMESPACE}][A-Za-z0-9_:]|[A-Za-z0-9_:][${SERVICE}${NAMESPACE}]`);
const TRIED = new RegExp(`(\\w+)["'\`]?\\s*(?:!=|[=!]~)\\s*\\\\?["'\`][^"'\`]*[${SERVICE}${NAMESPACE}]`, "g");
/** What a link says of a dashboard is cut to a length, and no check reads it. */
const DASHBOARD = /\/d\/[\w-]+/g;

/** Everything that rules say, in one text. */
function textOf(groups: readonly SourcedGroup[]): string {
  return groups
    .map(({ name, interval, rules }) =>
      [
        `${name} ${interval ?? ""}`,
        ...rules.map(
          ({ alert, record, expr, for: wait, labels = {}, annotations = {} }) =>
            `${alert ?? ""} ${record ?? ""} ${expr} ${wait ?? ""} ${labelSetKey(labels)} ${labelSetKey(annotations).replace(DASHBOARD, "/d/")}`,
        ),
      ].join("\n"),
    )
    .join("\n\n");
}

/** How the jobs with the service's name are scraped: that the rules ask for them says nothing of whether there are any. */
function scrapedAs(
  { text, names }: Subject,
  jobs: ReadonlyMap<string | undefined, Surroundings["jobs"]>,
): string {
  const asked = new Set([...text.matchAll(/[{,\s]job="([^"]*)"/g)].map(([, job = ""]) => job));
  return JSON.stringify(
    [...asked].map((job) => {
      const own = names.reduce((rest, [name, placeholder]) => rest.replaceAll(placeholder, name), job);
      return (jobs.get(own) ?? []).map(({ interval, dropped }) => [interval, dropped.map(String)]);
    }),
  );
}
