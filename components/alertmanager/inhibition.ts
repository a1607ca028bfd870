import { CATALOGUE } from "../alerts/catalogue/index.ts";
import { NO_AVAILABLE_PODS } from "../service/names.ts";
import { ALERTS } from "../slo/conventions.ts";
import { type AlertmanagerSettings, incidentSeverities } from "./settings.ts";
import { SUBJECT_LABELS } from "./subjects.ts";

/** One rule of Alertmanager's `inhibit_rules`: while a source fires, targets that agree on `equal` stay silent. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

/**
 * What an alert is about. Two alerts are about the same thing when all of these agree; a label that both lack agrees, so
 * each rule demands, on both sides, the label without which two unrelated alerts would.
 */
const SAME_THING = [...SUBJECT_LABELS, "instance", "pod", "mountpoint"];

const severities = (of: readonly string[]) =>
  of.length === 1 ? `severity="${of[0]}"` : `severity=~"${of.join("|")}"`;

/** A cause silences its consequences, as the platform's catalogue names them alert by alert. */
function causes(inhibited: readonly string[]): readonly InhibitRule[] {
  return CATALOGUE.flatMap(({ name, mutedBy = [] }) =>
    mutedBy.map(({ alert: cause, equal }) => {
      const present = equal.map((label) => `${label}=~".+"`);
      return {
        source_matchers: [`alertname="${cause}"`, ...present],
        target_matchers: [`alertname="${name}"`, severities(inhibited), ...present],
        equal: ["cluster", ...equal],
      };
    }),
  );
}

/**
 * The more severe alert silences the other about the same thing, and the cause its consequence. What keeps an incident open is never
 * inhibited, because Alertmanager drops the end of an inhibited alert, and its incident would never end: pages in any case, and
 * tickets where a team's go to such a receiver. The rules of these alerts end them while their cause fires.
 */
export function inhibitRules(
  settings: Pick<AlertmanagerSettings, "teams" | "receivers">,
): readonly InhibitRule[] {
  const tickets = !incidentSeverities(settings).includes("warning");
  const inhibited = tickets ? ["warning", "info"] : ["info"];
  return [
    {
      source_matchers: ['severity="critical"', 'namespace=~".+"'],
      target_matchers: [severities(inhibited), 'namespace=~".+"'],
      equal: SAME_THING,
    },
    {
      source_matchers: ['severity="warning"', 'namespace=~".+"'],
      target_matchers: ['severity="info"', 'namespace=~".+"'],
      equal: SAME_THING,
    },
    // Context stays out of sight until something in its namespace is worth a person's time.
    {
      source_matchers: ['alertname="InfoInhibitor"', 'namespace=~".+"'],
      target_matchers: ['severity="info"', 'namespace=~".+"'],
      equal: ["cluster", "namespace"],
    },
    // While an objective pages, its tickets say nothing new.
    ...(tickets
      ? [
          {
            source_matchers: ['severity="critical"', 'service=~".+"', 'slo=~".+"'],
            target_matchers: ['severity="warning"', 'service=~".+"', 'slo=~".+"'],
            equal: ["cluster", "service", "slo"],
          },
          // Without a pod nothing exports the series of its objectives.
          {
            source_matchers: [`alertname="${NO_AVAILABLE_PODS}"`, 'service=~".+"'],
            target_matchers: [`alertname="${ALERTS.absent}"`, 'severity="warning"', 'service=~".+"'],
            equal: ["cluster", "service"],
          },
        ]
      : []),
    ...causes(inhibited),
  ];
}
