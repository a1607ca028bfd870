import type { Connection } from "../verify/connection.ts";
import type { LoadedGroup, LoadedRule } from "../verify/prometheus.ts";

/** An alerting rule that a Prometheus evaluates. Durations are in seconds. */
export interface LoadedAlert {
  readonly name: string;
  readonly expr: string;
  readonly group: string;
  /** Between two evaluations. */
  readonly interval: number;
  readonly hold: number;
  readonly keep: number;
  /** The labels that the rule sets. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The alerting rules of a server. */
export async function loadedAlerts({ ask }: Connection): Promise<readonly LoadedAlert[]> {
  const { groups } = await ask<{ readonly groups: readonly LoadedGroup[] }>("rules", { type: "alert" });
  return groups.flatMap(({ name: group, interval, rules }) =>
    rules.map(({ name, query, labels = {}, duration = 0, keepFiringFor = 0 }: LoadedRule) => ({
      name,
      expr: query,
      group,
      interval,
      hold: duration,
      keep: keepFiringFor,
      labels,
    })),
  );
}

/** Finds the rule that wrote a series ALERTS: the one whose labels it has, and of several the one with the most. */
export function ruleFinder(
  rules: readonly LoadedAlert[],
): (labels: Readonly<Record<string, string>>) => LoadedAlert | undefined {
  const byName = new Map<string, LoadedAlert[]>();
  for (const rule of rules) byName.set(rule.name, [...(byName.get(rule.name) ?? []), rule]);
  const fixed = ({ labels }: LoadedAlert) =>
    // What a template gives is known only when it fires.
    Object.entries(labels).filter(([, value]) => !value.includes("{{"));
  for (const [name, all] of byName)
    byName.set(
      name,
      all.toSorted((a, b) => fixed(b).length - fixed(a).length),
    );
  return (labels) =>
    byName
      .get(labels["alertname"] ?? "")
      ?.find((rule) => fixed(rule).every(([label, value]) => labels[label] === value));
}
