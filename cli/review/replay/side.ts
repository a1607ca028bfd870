import type { EnvironmentModel, ModelAlert } from "../model.ts";
import { firingsOf, type Span } from "./firing.ts";
import type { Grid, Presence } from "./history.ts";
import type { ReplayedRule } from "./rules.ts";

/** One alert of one series that fired: in Unix seconds. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
}

/** When the series of an alerting rule fire, by evaluations of its grid. Two series with the same labels of the alert are one. */
export function seriesOf(
  rule: ReplayedRule,
  presences: readonly Presence[],
): readonly { readonly labels: Readonly<Record<string, string>>; readonly spans: readonly Span[] }[] {
  return presences.map(({ labels, ranges }) => ({
    labels: { ...labels, ...rule.labels },
    spans: firingsOf(ranges, rule),
  }));
}

/** What of it is within the replay: what fires at its first moment counts, too. */
export function firingsWithin(
  series: ReturnType<typeof seriesOf>,
  { start, step }: Grid,
  from: number,
): readonly Firing[] {
  return series.flatMap(({ labels, spans }) =>
    spans
      .map(([first, end]) => ({ labels, from: start + first * step, to: start + end * step }))
      .filter(({ to }) => to > from),
  );
}

/** The receivers of a firing: those of its namespace, if that has its own. */
export function receiversOf(alert: ModelAlert, { labels }: Firing): ModelAlert["receivers"] {
  const own = alert.byNamespace.find(({ namespaces }) => namespaces.includes(labels["namespace"] ?? ""));
  return own?.receivers ?? alert.receivers;
}

/** Alerts of the model by the rule that raises them. */
export function alertsByRule(
  { alerts }: Pick<EnvironmentModel, "alerts">,
  rules: readonly ReplayedRule[],
): ReadonlyMap<ModelAlert, ReplayedRule | undefined> {
  const key = (parts: readonly (string | undefined)[]) => JSON.stringify(parts.map((part) => part ?? ""));
  const waiting = new Map<string, ReplayedRule[]>();
  for (const rule of rules) {
    if (rule.kind !== "alert") continue;
    const { severity, team, service, slo } = rule.labels;
    const of = key([rule.name, severity, team, service, slo, rule.expr]);
    waiting.set(of, [...(waiting.get(of) ?? []), rule]);
  }
  return new Map(
    alerts
      .filter(({ by }) => by !== "Grafana")
      .map((alert) => {
        const { name, severity, team, service, slo, expr } = alert;
        const found = waiting.get(key([name, severity, team, service, slo, expr]))?.shift();
        return [alert, found];
      }),
  );
}
