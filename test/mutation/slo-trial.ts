import { type Duration, seconds } from "../../components/core/duration.ts";
import { type SloTestCase, sloTests } from "../../components/slo/cases.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { LINKS } from "../components/slo/samples.ts";
import { mutantsOf } from "./mutants.ts";
import { asksOf, type Depth, mutantsIn, type Rule, sideBySide } from "./slo-batch.ts";
import { whyEquivalent } from "./slo-equivalent.ts";
import { SCRAPE, type SloKind } from "./slo-kinds.ts";
import type { SloMutant } from "./slo-mutant.ts";
import { failuresOf, refused } from "./slo-promtool.ts";
import { sharedBy } from "./slo-sharing.ts";

export interface TriedSlo extends SloMutant {
  /** See `Tried` of trial.ts. */
  readonly fate: "killed" | "survived" | "equivalent" | "unloadable";
}

/** Every mutant of every rule of one SLO, records and alerts alike. */
export function sloMutants(kind: SloKind): SloMutant[] {
  return rulesOf(kind).flatMap((rule, index) =>
    mutantsOf(rule, SCRAPE)
      // A record waits for nothing.
      .filter(({ what }) => "alert" in rule || !what.startsWith("for "))
      .map((mutant) => ({ kind, rule: "alert" in rule ? rule.alert : rule.record, index, mutant })),
  );
}

/**
 * Tries mutants against all cases of their SLO, case by case, many of them side by side. What one case kills is not tried by the
 * next. Throws an Error where a case fails for the rules as they are: it would kill anything.
 */
export async function attemptSlo(all: readonly SloMutant[], shared: Shared = new Map()): Promise<TriedSlo[]> {
  const fates = new Map<SloMutant, TriedSlo["fate"]>();
  for (const kind of new Set(all.map((one) => one.kind)))
    await attemptKind(
      kind,
      all.filter((one) => one.kind === kind),
      fates,
      shared,
    );
  return all.map((tried) => ({
    ...tried,
    fate: fates.get(tried) ?? (whyEquivalent(tried) ? "equivalent" : "survived"),
  }));
}

/** Whether mutants are killed, by what two of them share their fate by: see slo-sharing.ts. */
export type Shared = Map<string, boolean>;

/**
 * Tries each mutant alone, in the place of its rule, case by case until one kills it: slow, and what {@link attemptSlo} has to agree with.
 */
export async function attemptEachAlone(all: readonly SloMutant[]): Promise<TriedSlo[]> {
  const tried: TriedSlo[] = [];
  for (const one of all) tried.push({ ...one, fate: await fateAlone(one) });
  return tried;
}

async function fateAlone(one: SloMutant): Promise<TriedSlo["fate"]> {
  const rules = rulesOf(one.kind).with(one.index, one.mutant.rule);
  for (const { evaluated, asked } of quickestFirst(one.kind)) {
    const [failure = ""] = await failuresOf([{ rules, evaluated, cases: [asked] }]);
    if (failure !== "") return failure.includes("could not parse expression") ? "unloadable" : "killed";
  }
  return whyEquivalent(one) ? "equivalent" : "survived";
}

function rulesOf({ slo }: SloKind): readonly Rule[] {
  return ruleGroup(slo, SCRAPE, LINKS).rules;
}

/** So many that promtool's start takes no time, and so few that its memory holds them. */
const BATCH = 100;

async function attemptKind(
  kind: SloKind,
  all: readonly SloMutant[],
  fates: Map<SloMutant, TriedSlo["fate"]>,
  shared: Shared,
): Promise<void> {
  const original = rulesOf(kind);
  const unloadable = await refused(all.map(({ mutant }) => mutant.rule));
  for (const [index, one] of all.entries()) if (unloadable.has(index)) fates.set(one, "unloadable");
  const shares = (one: SloMutant) => sharedBy(kind, original, one.index, one.mutant.rule) ?? "";
  const own = all.filter((one) => !fates.has(one) && !shared.has(shares(one)));
  for (const one of all) if (!fates.has(one) && shared.get(shares(one))) fates.set(one, "killed");
  for (const one of await killedByAny(kind, original, own)) fates.set(one, "killed");
  for (const one of own) if (shares(one) !== "") shared.set(shares(one), fates.has(one));
}

/** The mutants that any case of their SLO kills. */
async function killedByAny(
  kind: SloKind,
  original: readonly Rule[],
  some: readonly SloMutant[],
): Promise<ReadonlySet<SloMutant>> {
  const killed = new Set<SloMutant>();
  const cases = quickestFirst(kind);
  // What a case asks of the mutant itself is cheap to know; what it asks of all that is made from it, only some need.
  for (const depth of ["the rule", "all"] as const)
    for (const each of cases) {
      const isAsked = original.map((rule, index) =>
        depth === "all" && "alert" in rule ? false : asksOf(original, index, each.asked, depth),
      );
      const left = some.filter((one) => !killed.has(one) && isAsked[one.index]);
      for (let start = 0; start < left.length; start += BATCH)
        for (const one of await killedBy(each, depth, left.slice(start, start + BATCH), original))
          killed.add(one);
    }
  return killed;
}

interface Asked {
  readonly evaluated: Duration;
  readonly asked: SloTestCase;
}

/** All cases of an SLO, those first that come to their end after the fewest evaluations. */
function quickestFirst({ slo, context }: SloKind): readonly Asked[] {
  const evaluations = ({ evaluated, asked: { alert_rule_test, promql_expr_test = [] } }: Asked) =>
    Math.max(...[...alert_rule_test, ...promql_expr_test].map(({ eval_time }) => seconds(eval_time))) /
    seconds(evaluated);
  return sloTests(slo, context)
    .flatMap(({ evaluated, cases }) => cases.map((asked) => ({ evaluated, asked })))
    .sort((one, other) => evaluations(one) - evaluations(other));
}

/**
 * The mutants that a case kills. Beside them runs each rule as it is, and an Error is thrown where the case fails for one of those: it
 * would kill anything. A rule that cannot be evaluated ends a case for all that are tried with it, so that the others are tried again
 * without it.
 */
async function killedBy(
  { asked, evaluated }: Asked,
  depth: Depth,
  some: readonly SloMutant[],
  original: readonly Rule[],
): Promise<readonly SloMutant[]> {
  if (some.length === 0) return [];
  const changed = some.map(({ index, mutant }) => ({ index, rule: mutant.rule }));
  const asTheyAre = original.flatMap((rule, index) =>
    some.some((one) => one.index === index) ? [{ index, rule }] : [],
  );
  const [failure = ""] = await failuresOf([
    { evaluated, ...sideBySide(original, [...changed, ...asTheyAre], asked, depth) },
  ]);
  const failed = mutantsIn(failure);
  if (failure !== "" && (failed.length === 0 || failed.some((number) => number >= some.length)))
    throw new Error(`a case fails for rules as they are: ${failure}`);
  const found = some.filter((_, number) => failed.includes(number));
  if (!/^\s*rule: \S+, time: \S+, err: /m.test(failure)) return found;
  const others = some.filter((_, number) => !failed.includes(number));
  return [...found, ...(await killedBy({ asked, evaluated }, depth, others, original))];
}
