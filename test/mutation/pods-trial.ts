import type { Duration } from "../../components/core/duration.ts";
import { availablePodsRules } from "../../components/service/available-pods.ts";
import { availablePodsTests } from "../../components/service/available-pods-cases.ts";
import { defineService } from "../../components/service/model.ts";
import type { SloTestCase } from "../../components/slo/cases.ts";
import { DEFINITION } from "../components/service/samples.ts";
import { LINKS } from "../components/slo/samples.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import type { Rule } from "./slo-batch.ts";
import { failuresOf } from "./slo-promtool.ts";
import type { Tried } from "./trial.ts";

const SCRAPE: Duration = "1m";
const ENVIRONMENT = "prod";

const service = defineService(DEFINITION);
const rules = availablePodsRules(service, ENVIRONMENT, LINKS);
const cases = availablePodsTests(service, {
  ...LINKS,
  environment: ENVIRONMENT,
  scrapeInterval: SCRAPE,
}) as readonly SloTestCase[];

/** A mutant of a rule about the pods of a service, and the place of its rule. */
export interface PodsMutant {
  readonly name: string;
  readonly index: number;
  readonly mutant: Mutant<Rule>;
}

/** Every mutant of every rule about the pods of a service of tier critical. */
export function podsMutants(): readonly PodsMutant[] {
  return rules.flatMap((rule, index) =>
    mutantsOf(rule, SCRAPE)
      // A record waits for nothing.
      .filter(({ what }) => "alert" in rule || !what.startsWith("for "))
      .map((mutant) => ({ name: "alert" in rule ? rule.alert : rule.record, index, mutant })),
  );
}

/** Mutants that nothing could tell from the original. */
const EQUIVALENT: readonly { readonly rule: RegExp; readonly mutant: RegExp; readonly why: string }[] = [
  {
    rule: /^service:/,
    mutant: /^window 1h /,
    why: "a record that refers to itself has a sample of each evaluation, so that its window only matters while Prometheus is down",
  },
];

const BATCH = 20;

/** Tries each mutant in the place of its rule. Throws an Error where a case fails for the rules as they are. */
export async function attemptPods(all: readonly PodsMutant[]): Promise<readonly Tried[]> {
  const trial = (changed: readonly Rule[]) => ({ rules: changed, evaluated: SCRAPE, cases });
  const [asTheyAre] = await failuresOf([trial(rules)]);
  if (asTheyAre !== "") throw new Error(`the cases fail for the rules as they are: ${asTheyAre}`);
  const tried: Tried[] = [];
  for (let start = 0; start < all.length; start += BATCH) {
    const some = all.slice(start, start + BATCH);
    const failures = await failuresOf(some.map(({ index, mutant }) => trial(rules.with(index, mutant.rule))));
    for (const [at, { name, mutant }] of some.entries())
      tried.push({
        alert: name,
        what: mutant.what,
        expr: mutant.rule.expr,
        fate: fateOf(name, mutant, failures[at] ?? ""),
      });
  }
  return tried;
}

function fateOf(name: string, { what }: Mutant<Rule>, failure: string): Tried["fate"] {
  if (failure.includes("could not parse expression")) return "unloadable";
  if (failure !== "") return "killed";
  return EQUIVALENT.some(({ rule, mutant }) => rule.test(name) && mutant.test(what))
    ? "equivalent"
    : "survived";
}
