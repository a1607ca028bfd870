import { matchesWhole } from "../../components/promql/matching.ts";
import type { Alertmanager } from "./connection.ts";

/** A condition of a silence, as the API has it. */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  /** Default: true. */
  readonly isEqual?: boolean;
}

/** A silence, as the API has it: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export interface Silence {
  readonly id: string;
  readonly status: { readonly state: "active" | "pending" | "expired" };
  readonly startsAt: string;
  /** Of one that was ended early: when that was. */
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly matchers: readonly SilenceMatcher[];
}

/** Every silence that an Alertmanager knows. It forgets those that ended, 120 hours later by default. */
export function silencesOf(alertmanager: Alertmanager): Promise<readonly Silence[]> {
  return alertmanager.list<Silence>("silences");
}

/** Whether a silence is about an alert with these labels. A label that is missing is an empty one. */
export function isAbout(
  { matchers }: Pick<Silence, "matchers">,
  labels: Readonly<Record<string, string>>,
): boolean {
  return matchers.every(({ name, value, isRegex, isEqual = true }) => {
    const label = labels[name] ?? "";
    const matches = isRegex ? matchesWhole(value, label) === true : label === value;
    return matches === isEqual;
  });
}
/** `alertname="Lag", node=~"a.*"`, as Alertmanager's page writes it. */
export function matchersInWords(matchers: readonly SilenceMatcher[]): string {
  return matchers
    .map(({ name, value, isRegex, isEqual = true }) => {
      const operator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
      return `${name}${operator}${JSON.stringify(value)}`;
    })
    .join(", ");
}
