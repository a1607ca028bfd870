import type { RecordedAlert } from "../artefacts/alerting.ts";
import type { FiringAlert, ProvenAlerts } from "../artefacts/proven.ts";

/** An alert as Prometheus sends it. */
export type SentAlert = FiringAlert;

/** Finds an alert as it fires in its first promtool case: promtool has evaluated the rule and compared labels and annotations. */
export class Examples {
  private readonly proven: ProvenAlerts;
  private readonly externalLabels: Readonly<Record<string, string>>;

  constructor(proven: ProvenAlerts, externalLabels: Readonly<Record<string, string>>) {
    this.proven = proven;
    this.externalLabels = externalLabels;
  }

  /** Undefined for an alert that fires in no case. */
  of({ rule, name, labels }: RecordedAlert): SentAlert | undefined {
    // Rules of one name differ in their severity, and in what else their labels say.
    const found = this.proven
      .firing(rule, name)
      .find((alert) =>
        Object.entries(labels).every(([key, value]) => value.includes("{{") || alert.labels[key] === value),
      );
    return found && { ...found, labels: { ...this.externalLabels, ...found.labels, alertname: name } };
  }
}
