import { LOOKBACK_SECONDS } from "../../core/rules.ts";
import { type Expression, partsOf, type SelectorExpression } from "../../promql/expression.ts";
import { type Check, once, type World } from "../check.ts";
import { dependenciesOf } from "../dependencies.ts";
import type { LintedGroup } from "../rule.ts";
import { printSeconds } from "../surroundings.ts";

export const recordOrder: Check = {
  id: "record-order",
  title: "A record is written before it is read.",
  why: "Prometheus evaluates the rules of a group in order, and groups concurrently. A record that is read before it is written is one evaluation old, and two rules that read each other never reach a stable value.",
  fix: "move the recording rule above its readers in the group, or both into one group",
  judge: (rule, world) =>
    once(
      readNow(rule.expression).flatMap((selector) =>
        world.recorded.producersOf(selector).flatMap((producer) => {
          if (producer.group === rule.group)
            return producer.index >= rule.index && selector.offset <= 0
              ? [
                  producer.index === rule.index
                    ? `reads ${producer.name}, which it records itself`
                    : `reads ${producer.name}, which its group records only afterwards`,
                ]
              : [];
          return [
            ...tooRare(producer.name, producer.group, world),
            ...inCircle(rule.group, producer.group, world),
          ];
        }),
      ),
    ),
};

/** The selectors that ask for the newest sample. Over a range one sample more or less is not what counts. */
function readNow(expression: Expression): SelectorExpression[] {
  if (expression.kind === "selector") return [expression];
  if (expression.kind === "range" || expression.kind === "subquery") return [];
  return partsOf(expression).flatMap(readNow);
}

function tooRare(record: string, group: LintedGroup, { surroundings }: World): string[] {
  const interval = group.interval ?? surroundings.evaluationInterval;
  if (interval < LOOKBACK_SECONDS) return [];
  return [
    `reads ${record} of the group ${group.name}, which runs every ${printSeconds(interval)}: a sample counts as the newest for ${printSeconds(LOOKBACK_SECONDS)} only`,
  ];
}

function inCircle(reader: LintedGroup, producer: LintedGroup, { groups, recorded }: World): string[] {
  const edges = dependenciesOf(groups, recorded);
  const seen = new Set<LintedGroup>();
  const next = [producer];
  for (let group = next.pop(); group !== undefined; group = next.pop()) {
    if (seen.has(group)) continue;
    seen.add(group);
    for (const { from, to } of edges) if (from === group) next.push(to);
  }
  return seen.has(reader)
    ? [
        `is in the group ${reader.name}, which reads records of the group ${producer.name}, and that group reads its records`,
      ]
    : [];
}
