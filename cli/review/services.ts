import type { Detection, Moment, SloPromises } from "../../components/slo/promises.ts";
import { periodText } from "../../components/slo/windows.ts";
import { count, grouped as digits } from "../report/numbers.ts";
import type { Explained } from "./alerts.ts";
import type { Change, Detail } from "./change.ts";
import { leafChanges, settingLeafChanges } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";

/** The services and objectives that are added, removed or changed, and which alerts that explains. */
export function serviceChanges(
  before: EnvironmentModel,
  after: EnvironmentModel,
): { readonly changes: readonly Change[]; readonly explained: Explained } {
  const removed = Object.keys(before.services).filter((name) => !Object.hasOwn(after.services, name));
  const added = Object.keys(after.services).filter((name) => !Object.hasOwn(before.services, name));
  const services = new Set([...removed, ...added]);
  const objectives = objectiveChanges(before, after, services);
  const kept = Object.keys(after.services).filter((name) => !services.has(name));
  const changed = kept.flatMap((name) => definitionChanges(name, before, after, objectives));
  return {
    changes: [
      ...removed.map((name) => whole("service-removed", name, before)),
      ...added.map((name) => whole("service-added", name, after)),
      ...objectives.changes,
      ...changed.flatMap(({ change }) => change),
    ],
    explained: {
      services,
      objectives: new Set([...objectives.told, ...changed.flatMap(({ objectives: about }) => about)]),
    },
  };
}

function whole(kind: "service-added" | "service-removed", name: string, model: EnvironmentModel): Change {
  const alerts = model.alerts.filter(({ service }) => service === name);
  const pages = alerts.filter(({ severity }) => severity === "critical").length;
  const objectives = model.objectives.filter(({ service }) => service === name);
  const promised =
    objectives.map(({ slo, objective }) => `${slo} ${objective}%`).join(", ") || "no objective";
  const rules = `${count(alerts.length, "alert")}, ${pages} of which page`;
  return {
    kind,
    about: `The service ${name}`,
    what:
      kind === "service-added"
        ? `is new: ${promised}; ${rules}`
        : `is no longer watched: its ${rules} and its dashboard are removed (${promised})`,
    cause: { service: name },
  };
}

function keyOf({ service, slo }: SloPromises): string {
  return `${service} ${slo}`;
}

function objectiveChanges(before: EnvironmentModel, after: EnvironmentModel, services: ReadonlySet<string>) {
  const was = new Map(before.objectives.map((promise) => [keyOf(promise), promise]));
  const is = new Map(after.objectives.map((promise) => [keyOf(promise), promise]));
  const told = new Set<string>();
  /** Those that only one side has: none of their fields is a change of its own. */
  const whole = new Set<string>();
  const changes: Change[] = [];
  for (const key of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const change = objectiveChange(was.get(key), is.get(key));
    if (change === undefined || services.has(change.cause?.service ?? "")) continue;
    told.add(key);
    const isWhole = !was.has(key) || !is.has(key);
    if (isWhole) whole.add(key);
    changes.push(isWhole ? { ...change, details: fieldsOf(key, before, after) } : change);
  }
  return { changes, told, whole };
}

/** What the definition of an objective says that only one side has, such as its limit. */
function fieldsOf(key: string, before: EnvironmentModel, after: EnvironmentModel): readonly Detail[] {
  const [service = "", objective = ""] = key.split(" ");
  const prefix = `objectives.${objective}.`;
  const fields = (model: EnvironmentModel) =>
    new Map(
      Object.entries(model.services[service] ?? {})
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, value]) => [path.slice(prefix.length), value] as const),
    );
  return leafChanges(fields(before), fields(after)).map(({ path, ...values }) => ({
    label: FIELDS[path] ?? path,
    ...values,
  }));
}

function objectiveChange(
  before: SloPromises | undefined,
  after: SloPromises | undefined,
): Change | undefined {
  const one = after ?? before;
  if (one === undefined) return undefined;
  const about = `The objective ${one.slo} of ${one.service}`;
  const cause = { service: one.service };
  if (before === undefined)
    return {
      kind: "objective-added",
      about,
      what: `is new: ${target(one)}; a full outage: ${toldOf(one, 0)}`,
      cause,
    };
  if (after === undefined)
    return {
      kind: "objective-removed",
      about,
      what: `is removed with its alerts; it was ${target(before)}`,
      cause,
    };
  const details = promiseDetails(before, after);
  if (details.length === 0) return undefined;
  const changed =
    target(before) === target(after)
      ? details.map(({ label, before: was, after: is }) => `${label} ${was} → ${is}`).join(", ")
      : `${target(before)} → ${target(after)}${looser(before, after)}`;
  return { kind: "objective-changed", about, what: changed, details, cause };
}

function target({ objective, period }: SloPromises): string {
  return `${objective}% over ${periodText(period)}`;
}

function looser(before: SloPromises, after: SloPromises): string {
  const [was, is] = [Number(before.objective), Number(after.objective)];
  if (before.period !== after.period || was === is) return "";
  return is < was
    ? `; ${factor(was, is)} as many errors are allowed`
    : `; ${factor(was, is)} of the errors are allowed`;
}

function factor(was: number, is: number): string {
  const times = (100 - is) / (100 - was);
  return times >= 1 ? `${Number(times.toPrecision(2))} times` : `${Number((times * 100).toPrecision(2))}%`;
}

function promiseDetails(before: SloPromises, after: SloPromises): readonly Detail[] {
  const of = (label: string, word: (promise: SloPromises) => string): Detail => ({
    label,
    before: word(before),
    after: word(after),
  });
  return [
    of("objective", target),
    of("if all requests fail", (promise) => toldOf(promise, 0)),
    of("if 1 in 10 fails", (promise) => toldOf(promise, 1)),
    of("if 1 in 100 fails", (promise) => toldOf(promise, 2)),
    of("minimum traffic", ({ minimumTraffic }) => `${digits(minimumTraffic)} requests an hour`),
    of("if no pod is available", ({ withoutPods }) =>
      withoutPods === undefined
        ? "not watched"
        : `${withoutPods.severity} after ${timeInWords(withoutPods.seconds)}`,
    ),
    of("rules", ({ cost }) => `${cost.records} recording, ${cost.alerts} alert`),
    of("samples read by an evaluation", ({ cost }) => digits(cost.samplesOfRecords)),
  ].filter((detail) => detail.before !== detail.after);
}

function toldOf({ detection }: SloPromises, index: number): string {
  const { fastBurn, slowBurn }: Partial<Detection> = detection[index] ?? {};
  if (fastBurn !== undefined) return `page after ${momentInWords(fastBurn.atTheLatest)}`;
  return slowBurn === undefined ? "no alert" : `ticket after ${momentInWords(slowBurn.atTheLatest)}`;
}

function momentInWords({ seconds, budgetSpent }: Moment): string {
  return `${timeInWords(seconds)} (${Number((budgetSpent * 100).toPrecision(2))}% of the budget)`;
}

/** Rounded up, so that the alert does not fire later than the text says. */
function timeInWords(seconds: number): string {
  return seconds < 3600 ? `${Math.ceil(seconds / 6) / 10} min` : `${Math.ceil(seconds / 360) / 10} h`;
}

/** What the definition of a service says that none of its objectives has said. */
function definitionChanges(
  name: string,
  before: EnvironmentModel,
  after: EnvironmentModel,
  objectives: { readonly told: ReadonlySet<string>; readonly whole: ReadonlySet<string> },
): readonly { readonly change: Change; readonly objectives: readonly string[] }[] {
  const leaves = (model: EnvironmentModel) => new Map(Object.entries(model.services[name] ?? {}));
  return settingLeafChanges(leaves(before), leaves(after))
    .filter(({ path }) => !isTold(path, name, objectives))
    .map(({ path, before: was = "not set", after: is = "not set" }) => {
      const [, objective] = /^objectives\.([\w-]+)/.exec(path) ?? [];
      const about = objective === undefined ? `The service ${name}` : `The objective ${objective} of ${name}`;
      const field = path.replace(/^objectives\.[\w-]+\.?/, "") || path;
      const change: Change = {
        kind: objective === undefined ? "service-changed" : "objective-changed",
        about,
        what: `${FIELDS[field] ?? field} ${was} → ${is}`,
        cause: { service: name },
      };
      // A field that no objective has can change each of them.
      const about_ = after.objectives.filter(
        ({ service, slo }) => service === name && (objective === undefined || slo === objective),
      );
      return { change, objectives: about_.map(keyOf) };
    });
}

/** Fields of a definition whose names say too little on their own. */
const FIELDS: Readonly<Record<string, string>> = {
  threshold: "limit",
  maxAge: "greatest age",
  owner: "the team that is notified:",
};

/** Whether the path is that of a target which the objective's change has told already. */
function isTold(
  path: string,
  service: string,
  { told, whole }: { readonly told: ReadonlySet<string>; readonly whole: ReadonlySet<string> },
): boolean {
  const [, name] = /^objectives\.([\w-]+)/.exec(path) ?? [];
  if (whole.has(`${service} ${name}`)) return true;
  const [, objective, field] = /^objectives\.([\w-]+)(?:\.(\w+))?$/.exec(path) ?? [];
  return (
    objective !== undefined &&
    (field === undefined || field === "objective" || field === "target") &&
    told.has(`${service} ${objective}`)
  );
}
