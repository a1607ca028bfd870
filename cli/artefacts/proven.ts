import type { PromtoolTestFile } from "../../components/alerts/model.ts";
import { type Names, Template } from "../../components/core/template.ts";

type Texts = Readonly<Record<string, string>>;

/** An alert as it fires in a case. */
export interface FiringAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** A file of the same form: what says what its form proves, what it is called there, and this one's names by placeholder. */
interface Alike {
  readonly proven: ProvenAlerts;
  readonly name: string;
  readonly names: Names;
}

/** What reports and runbooks need of the cases: which there are of an alert, and how it fires in them. */
export class ProvenAlerts {
  readonly #firing = new Map<string, Map<string, FiringAlert>>();
  readonly #cases = new Map<string, string[]>();
  /** By the name of a file: what the files of its form say, which is read with other names. */
  readonly #alike = new Map<string, Alike>();

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

  /** Takes what a file says from that of the same form, with other names in it. Both names are without their endings. */
  addAlike(name: string, alike: Alike): void {
    this.#alike.set(name, alike);
  }

  /** How an alert fires in the cases of a rule file, by its name without its ending: the first of each set of labels. */
  firing(rule: string, alert: string): readonly FiringAlert[] {
    return (
      this.#read(rule, (proven, name) => proven.firing(name, alert)) ?? [
        ...(this.#firing.get(`../rules/${rule}.yaml ${alert}`)?.values() ?? []),
      ]
    );
  }

  /** The names of the cases that say something of an alert, in the test file of a name. */
  casesOf(name: string, alert: string): readonly string[] {
    return (
      this.#read(name, (proven, alike) => proven.casesOf(alike, alert)) ??
      this.#cases.get(`${name} ${alert}`) ??
      []
    );
  }

  /** What the file of the form says, with the names of this one. */
  #read<Said>(name: string, ask: (proven: ProvenAlerts, name: string) => Said): Said | undefined {
    const alike = this.#alike.get(name);
    if (alike === undefined) return undefined;
    const said = JSON.stringify(ask(alike.proven, alike.name));
    return JSON.parse(new Template(said, [...alike.names.keys()]).fill(alike.names)) as Said;
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
