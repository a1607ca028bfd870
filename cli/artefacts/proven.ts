import type { PromtoolTestFile } from "../../components/alerts/model.ts";

type Texts = Readonly<Record<string, string>>;

/** Files for `promtool test rules`, by name without its ending, one after the other: those of a thousand services take gigabytes as one. */
export type TestFiles = Iterable<readonly [name: string, file: PromtoolTestFile]>;

/** An alert as it fires in a case. */
export interface FiringAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** What reports and runbooks need of the cases: which there are of an alert, and how it fires in them. */
export class ProvenAlerts {
  readonly #firing = new Map<string, Map<string, FiringAlert>>();
  readonly #cases = new Map<string, string[]>();

  /** Keeps what the cases of a file say, and nothing of their series. */
  add(name: string, { rule_files, tests }: PromtoolTestFile): void {
    for (const { name: title, alert_rule_test = [] } of tests) {
      for (const alert of new Set(alert_rule_test.map(({ alertname }) => alertname)))
        listIn(this.#cases, `${name} ${alert}`).push(title);
      for (const { alertname, exp_alerts } of alert_rule_test)
        for (const { exp_labels: labels, exp_annotations: annotations } of exp_alerts)
          for (const file of rule_files) this.#addFiring(`${file} ${alertname}`, { labels, annotations });
    }
  }

  /** How an alert fires in the cases of a rule file, by its name without its ending: the first of each set of labels. */
  firing(rule: string, alert: string): readonly FiringAlert[] {
    return [...(this.#firing.get(`../rules/${rule}.yaml ${alert}`)?.values() ?? [])];
  }

  /** The names of the cases that say something of an alert, in the test file of a name. */
  casesOf(name: string, alert: string): readonly string[] {
    return this.#cases.get(`${name} ${alert}`) ?? [];
  }

  #addFiring(key: string, alert: FiringAlert): void {
    const known = this.#firing.get(key) ?? new Map<string, FiringAlert>();
    this.#firing.set(key, known);
    const labels = JSON.stringify(alert.labels);
    if (!known.has(labels)) known.set(labels, alert);
  }
}

function listIn(lists: Map<string, string[]>, key: string): string[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
