import type { PromtoolTestFile } from "../../components/alerts/model.ts";
import type { RecordedAlert } from "../artefacts/alerting.ts";

type Texts = Readonly<Record<string, string>>;

/** An alert as Prometheus sends it. */
export interface SentAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** Finds an alert as it fires in its first promtool case: promtool has evaluated the rule and compared labels and annotations. */
export class Examples {
  private readonly byRule = new Map<string, SentAlert[]>();
  private readonly externalLabels: Texts;

  constructor(tests: Readonly<Record<string, PromtoolTestFile>>, externalLabels: Texts) {
    this.externalLabels = externalLabels;
    for (const { rule_files, tests: cases } of Object.values(tests))
      for (const { alert_rule_test = [] } of cases)
        for (const { alertname, exp_alerts } of alert_rule_test)
          for (const { exp_labels, exp_annotations } of exp_alerts)
            for (const file of rule_files)
              this.add(`${file} ${alertname}`, { labels: exp_labels, annotations: exp_annotations });
  }

  /** Undefined for an alert that fires in no case. */
  of({ rule, name, labels }: RecordedAlert): SentAlert | undefined {
    // Rules of one name differ in their severity, and in what else their labels say.
    const found = this.byRule
      .get(`../rules/${rule}.yaml ${name}`)
      ?.find((alert) =>
        Object.entries(labels).every(([key, value]) => value.includes("{{") || alert.labels[key] === value),
      );
    return found && { ...found, labels: { ...this.externalLabels, ...found.labels, alertname: name } };
  }

  private add(key: string, alert: SentAlert): void {
    const list = this.byRule.get(key);
    if (list === undefined) this.byRule.set(key, [alert]);
    else list.push(alert);
  }
}
