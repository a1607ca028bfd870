import { duration } from "../../components/core/duration.ts";
import { printQuery } from "../../components/promql/print.ts";
import { grouped } from "../report/numbers.ts";
import { isNotified } from "../report/sentences.ts";
import { called } from "../review/alerts.ts";
import type { Incident } from "../review/replay/incidents.ts";
import type { Night } from "../review/replay/night.ts";
import type { Replay } from "../review/replay/result.ts";
import { selectorsIn } from "../review/replay/rules.ts";
import type { Firing } from "../review/replay/side.ts";
import { type Connection, QueryRefused } from "../verify/connection.ts";
import { tellsOf } from "./judged.ts";
import type { Proposal } from "./result.ts";
import type { RuleHistory } from "./rows.ts";
import type { LoadedAlert } from "./rules.ts";
import { otherValues, thresholdOf } from "./threshold.ts";
import { Would } from "./would.ts";

/** Fewer firings show no habit. */
const FEW = 5;
/** So many alerts are looked at, those with the most noise first: each is evaluated anew over the whole period, several times. */
const MOST = 20;
const DAY = 86_400;
/** In seconds. */
const LONGER = [120, 300, 600, 900, 1800, 3600];
/** Of the evaluations at which a rule fired, the replay must agree at so many for its answer to count. */
const LEAST_AGREEMENT = 0.9;

interface Reviewed {
  readonly history: Connection;
  readonly from: number;
  readonly to: number;
  readonly night: Night & { readonly text: string };
  readonly incidents: readonly Incident[];
}

/** A change of a rule that is worth a replay. */
interface Candidate {
  readonly kind: Proposal["kind"];
  readonly what: string;
  readonly why: string;
  readonly after: LoadedAlert | undefined;
}

type Loaded = RuleHistory & { readonly rule: LoadedAlert };

/** What to raise, lower, lengthen or delete, each with its replay; and what could not be looked at, in words. */
export async function proposalsOf(
  histories: readonly RuleHistory[],
  reviewed: Reviewed,
): Promise<{ readonly proposals: readonly Proposal[]; readonly notes: readonly string[] }> {
  const loaded = histories.filter(
    (each): each is Loaded => each.rule !== undefined && isNotified(each.labels["severity"] ?? ""),
  );
  const would = new Would(reviewed.history, reviewed.from, reviewed.to);
  const allNoisy = loaded
    .filter(({ firings }) => firings.length >= FEW && 2 * noiseOf(firings) >= firings.length)
    .toSorted((a, b) => noiseOf(b.firings) - noiseOf(a.firings));
  const noisy = allNoisy.filter(({ labels }) => labels["slo"] === undefined);
  const proposals: Proposal[] = [];
  const notes: string[] = [];
  const propose = async (each: Loaded, find: () => Promise<Candidate | undefined>) => {
    try {
      const candidate = await find();
      const proposal = candidate && (await replayed(each, candidate, would, reviewed));
      if (proposal !== undefined) proposals.push(proposal);
    } catch (error) {
      if (!(error instanceof QueryRefused)) throw error;
      notes.push(`${called({ name: each.name, ...ofLabels(each) })} could not be replayed: ${error.reason}.`);
    }
  };
  for (const each of noisy.slice(0, MOST))
    await propose(each, () => lessNoise(each, would, reviewed.incidents));
  const ofObjectives = allNoisy.filter((each) => !noisy.includes(each));
  if (ofObjectives.length > 0)
    notes.push(
      `Also noisy, with times that follow from an objective: ${ofObjectives.map((each) => called({ name: each.name, ...ofLabels(each) })).join(", ")}. Change the objective or its minimumErrors.`,
    );
  if (noisy.length > MOST)
    notes.push(`${noisy.length - MOST} more alerts are as noisy; change these first, and review again.`);
  for (const [each, incidents] of untold(loaded, reviewed.incidents).slice(0, MOST))
    await propose(each, () => moreSensitive(each, incidents, would, (reviewed.to - reviewed.from) / DAY));
  for (const each of loaded.filter(({ firings }) => firings.length === 0))
    await propose(each, () => withoutSeries(each, reviewed));
  return { proposals: bestOf(proposals), notes };
}

function noiseOf(firings: RuleHistory["firings"]): number {
  return firings.filter(({ isFlap, isClearedByItself }) => isFlap || isClearedByItself).length;
}

function ofLabels({ labels }: Loaded) {
  return { service: labels["service"], slo: labels["slo"] };
}

/** The first change with which at least half of the firings are gone, and no incident that it told of. */
async function lessNoise(
  { rule, firings }: Loaded,
  would: Would,
  incidents: readonly Incident[],
): Promise<Candidate | undefined> {
  const number = (of: (firing: RuleHistory["firings"][number]) => boolean) => firings.filter(of).length;
  const [flaps, cleared] = [number(({ isFlap }) => isFlap), number((each) => each.isClearedByItself)];
  const why = `Firings: ${grouped(firings.length)}; ended by themselves within 15 minutes: ${grouped(cleared)}; began within 15 minutes after the last: ${grouped(flaps)}`;
  const before = await would.fire(rule);
  const told = toldOf(before, incidents);
  const isEnough = async (after: LoadedAlert) => {
    const firings = await would.fire(after);
    return 2 * firings.length <= before.length && isSubset(told, toldOf(firings, incidents));
  };
  const keeping = LONGER.filter((each) => each > rule.keep).map(
    (keep): Candidate => ({
      kind: "lengthen",
      what: `keep_firing_for ${duration(rule.keep)} → ${duration(keep)}`,
      why,
      after: { ...rule, keep },
    }),
  );
  const holding = LONGER.filter((each) => each > rule.hold).map(
    (hold): Candidate => ({
      kind: "lengthen",
      what: `for ${duration(rule.hold)} → ${duration(hold)}`,
      why,
      after: { ...rule, hold },
    }),
  );
  const threshold = thresholdOf(rule.expr);
  const raised =
    threshold === undefined
      ? []
      : otherValues(threshold, "raise").map(
          (value): Candidate => ({
            kind: "raise",
            what: `threshold ${threshold.operator} ${threshold.value} → ${threshold.operator} ${value}`,
            why,
            after: { ...rule, expr: threshold.withValue(value) },
          }),
        );
  const ordered =
    2 * flaps >= firings.length ? [...keeping, ...holding, ...raised] : [...holding, ...raised, ...keeping];
  for (const candidate of ordered)
    if (candidate.after !== undefined && (await isEnough(candidate.after))) return candidate;
  if (incidents.length === 0 || told.size > 0 || cleared < firings.length) return undefined;
  return {
    kind: "delete",
    what: "the rule",
    why: `${why}; it fired in none of the ${incidents.length} incidents, and no longer for and no other threshold helps`,
    after: undefined,
  };
}

/** Rules of the services of incidents that no alert told of, with those incidents. */
function untold(
  loaded: readonly Loaded[],
  incidents: readonly Incident[],
): readonly (readonly [Loaded, readonly Incident[]])[] {
  const silent = incidents.filter(
    (incident) =>
      incident.services.length > 0 &&
      !loaded.some(({ firings }) => firings.some((firing) => tellsOf(incident, firing))),
  );
  return loaded.flatMap((each) => {
    const own = silent.filter(({ services }) => services.includes(each.labels["service"] ?? ""));
    return own.length > 0 && each.labels["slo"] === undefined ? [[each, own] as const] : [];
  });
}

/** The least change with which it tells of an incident, unless it would then fire twice as often and once a day. */
async function moreSensitive(
  { rule }: Loaded,
  incidents: readonly Incident[],
  would: Would,
  days: number,
): Promise<Candidate | undefined> {
  const before = await would.fire(rule);
  const threshold = thresholdOf(rule.expr);
  const lowered = threshold === undefined ? [] : otherValues(threshold, "lower");
  const candidates: readonly (readonly [string, LoadedAlert])[] = [
    ...[rule.hold / 2, rule.hold / 4]
      .filter((hold) => hold >= rule.interval)
      .map((hold) => [`for ${duration(rule.hold)} → ${duration(hold)}`, { ...rule, hold }] as const),
    ...lowered.map(
      (value) =>
        [
          `threshold ${threshold?.operator} ${threshold?.value} → ${threshold?.operator} ${value}`,
          { ...rule, expr: threshold?.withValue(value) ?? "" },
        ] as const,
    ),
  ];
  for (const [what, after] of candidates) {
    const firings = await would.fire(after);
    const told = toldOf(firings, incidents);
    const isTooMany = firings.length > Math.max(2 * before.length, before.length + Math.max(3, days));
    if (told.size === 0 || isTooMany) continue;
    return { kind: "lower", what, why: `No alert fired in ${[...told].join(", ")}`, after };
  }
  return undefined;
}

/** A rule that never fired, and that reads no series at all, cannot fire. */
async function withoutSeries(
  { rule }: Loaded,
  { history, from, to }: Reviewed,
): Promise<Candidate | undefined> {
  const selectors = selectorsIn(rule.expr);
  if (selectors.length === 0 || /\babsent(_over_time)?\s*\(/.test(rule.expr)) return undefined;
  for (const selector of selectors) {
    const found = await history.ask<readonly unknown[]>("series", {
      "match[]": printQuery({ ...selector, offset: 0 }),
      start: String(from),
      end: String(to),
      limit: "1",
    });
    if (found.length > 0) return undefined;
  }
  const names = [...new Set(selectors.map(({ metric }) => metric ?? "a selector without a name"))];
  return {
    kind: "delete",
    what: "the rule, or bring it the series that it reads",
    why: `It cannot fire: there was no series of ${names.join(", ")} in the whole period`,
    after: undefined,
  };
}

function toldOf(firings: readonly Firing[], incidents: readonly Incident[]): ReadonlySet<string> {
  return new Set(
    incidents
      .filter((incident) => firings.some((firing) => tellsOf(incident, firing)))
      .map(({ name }) => name),
  );
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((each) => all.has(each));
}

/** The candidate with the replay that a review of the change would show; undefined if that does not agree with what was recorded. */
async function replayed(
  { rule, name, labels }: Loaded,
  { kind, what, why, after }: Candidate,
  would: Would,
  { night, incidents }: Reviewed,
): Promise<Proposal | undefined> {
  const result = await would.replay(rule, after, night, incidents);
  const agreement = result.agreement?.share ?? null;
  if (agreement !== null && agreement < LEAST_AGREEMENT) return undefined;
  const side = (which: "before" | "after") => ({
    firings: result[which].firings,
    atNight: result[which].pagesAtNight,
    incidents: result.incidents.filter((each) => each[which] !== null).map((each) => each.name),
  });
  return {
    kind,
    about: called({ name, service: labels["service"], slo: labels["slo"] }),
    team: labels["team"] ?? null,
    group: rule.group,
    what,
    why,
    expr: after?.expr ?? "",
    for: duration(after?.hold ?? 0),
    keepFiringFor: duration(after?.keep ?? 0),
    replay: { before: side("before"), after: side("after"), later: laterOf(result), agreement },
  };
}

/** How much later the alert fires in an incident, at most. */
function laterOf({ incidents }: Replay): number {
  const delays = incidents.map(({ before, after }) => (before && after ? after.seconds - before.seconds : 0));
  return Math.max(0, ...delays);
}

/** Of several rules that would tell of an incident the one that would fire least otherwise is enough. */
function bestOf(proposals: readonly Proposal[]): readonly Proposal[] {
  const lowered = proposals.filter(({ kind }) => kind === "lower");
  const extra = ({ replay }: Proposal) => replay.after.firings - replay.before.firings;
  const told = new Set<string>();
  const kept = new Set(
    lowered
      .toSorted((a, b) => extra(a) - extra(b))
      .filter(({ replay }) => {
        const fresh = replay.after.incidents.filter(
          (each) => !told.has(each) && !replay.before.incidents.includes(each),
        );
        for (const each of fresh) told.add(each);
        return fresh.length > 0;
      }),
  );
  return proposals.filter((each) => each.kind !== "lower" || kept.has(each));
}
