import { TEMPLATES_FILE } from "../../components/alertmanager/notifications.ts";
import { RULE_FILES } from "../../components/service/names.ts";
import type { RecordedResource } from "../recording/monitor.ts";
import { at, itemsOf, redacted, textAt, textsOf, unwrapped, type Wire } from "../recording/wire.ts";
import type { RecordedObject } from "./manifests.ts";

/** An alert rule as Prometheus will evaluate it. */
export interface RecordedAlert {
  /** The name of the rule file: that of the PrometheusRule, and of the objective where it holds several. */
  readonly rule: string;
  readonly name: string;
  readonly expr: string;
  /** "0s" where the rule says nothing. */
  readonly for: string;
  readonly keepFiringFor: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The rule files, by name without its ending: the groups of each PrometheusRule. A group that is called after its object, as
 * `service-shop.latency` is after `service-shop`, has a file of its own: its cases are proven apart from those of the other groups.
 */
export function ruleGroups(objects: readonly RecordedObject[]): ReadonlyMap<string, Wire> {
  return new Map(
    objects
      .filter(
        ({ kind, apiVersion }) =>
          kind === "PrometheusRule" && apiVersion.startsWith("monitoring.coreos.com/"),
      )
      .flatMap(({ name, object }) => filesOf(name, itemsOf(redacted(at(object, "spec", "groups") ?? [])))),
  );
}

function filesOf(object: string, groups: readonly Wire[]): readonly (readonly [string, Wire])[] {
  const isApart = (group: Wire) => textAt(group, "name")?.startsWith(`${object}.`) === true;
  const together = groups.filter((group) => !isApart(group));
  return [
    ...(together.length > 0 ? [[object, { groups: together }] as const] : []),
    ...groups.filter(isApart).map((group) => [textAt(group, "name") ?? object, { groups: [group] }] as const),
  ];
}

/** Every alert rule of the rule files. */
export function alertRules(rules: ReadonlyMap<string, Wire>): readonly RecordedAlert[] {
  return [...rules].flatMap(([rule, file]) =>
    itemsOf(at(file, "groups"))
      .flatMap((group) => itemsOf(at(group, "rules")))
      .flatMap((entry) => {
        const name = textAt(entry, "alert");
        if (name === undefined) return [];
        return [
          {
            rule,
            name,
            expr: textAt(entry, "expr") ?? "",
            for: textAt(entry, "for") ?? "0s",
            keepFiringFor: textAt(entry, "keep_firing_for"),
            labels: textsOf(at(entry, "labels")),
            annotations: textsOf(at(entry, "annotations")),
          },
        ];
      }),
  );
}

/** The labels that Prometheus puts on every alert. */
export function externalLabels(objects: readonly RecordedObject[]): Readonly<Record<string, string>> {
  const prometheus = objects.find(({ kind }) => kind === "Prometheus")?.object;
  const labels = at(prometheus, "spec", "externalLabels");
  return Object.fromEntries(
    Object.keys(textsOf(labels)).flatMap((label) => {
      const value = textAt(labels, label);
      return value === undefined ? [] : [[label, value]];
    }),
  );
}

/** How many recording rules there are in rule files of teams. */
export function teamRecords(rules: ReadonlyMap<string, Wire>): number {
  return [...rules]
    .filter(([rule]) => rule.includes(RULE_FILES))
    .flatMap(([, file]) => itemsOf(at(file, "groups")).flatMap((group) => itemsOf(at(group, "rules"))))
    .filter((rule) => textAt(rule, "record") !== undefined).length;
}

const ALERTMANAGER_FILE = "alertmanager.yaml";

/**
 * The configuration of Alertmanager, from the Secret that holds it. Kubernetes calls all of a Secret secret; this text is
 * not: what is secret in it stands in files that it names.
 */
export function alertmanagerConfig(objects: readonly RecordedObject[]): string | undefined {
  for (const { kind, object } of objects) {
    if (kind !== "Secret") continue;
    const text = unwrapped(at(unwrapped(object["stringData"]), ALERTMANAGER_FILE));
    if (typeof text === "string") return text;
  }
  return undefined;
}

/** What Alertmanager reads. Undefined where a program does not create it. */
export interface AlertmanagerFiles {
  readonly configuration: string | undefined;
  /** The texts of notifications. */
  readonly templates: string | undefined;
}

/** The texts of notifications, from the ConfigMap that holds them. */
export function notificationTemplates(objects: readonly RecordedObject[]): string | undefined {
  for (const { kind, object } of objects) {
    if (kind !== "ConfigMap") continue;
    const text = textAt(object, "data", TEMPLATES_FILE);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What Grafana imports, by file name: ConfigMaps for a Grafana on the cluster, resources of its API for another. */
export function dashboards(
  resources: readonly RecordedResource[],
  objects: readonly RecordedObject[],
): ReadonlyMap<string, Wire> {
  const fromConfigMaps = objects
    .filter(
      ({ kind, object }) =>
        kind === "ConfigMap" && at(object, "metadata", "labels", "grafana_dashboard") !== undefined,
    )
    .flatMap(({ object }) => Object.entries(textsOf(at(object, "data"))));
  const fromApi = resources
    .filter(({ type }) => type === "grafana:oss/dashboard:Dashboard")
    .flatMap(({ name, inputs }) => {
      const json = textAt(inputs, "configJson");
      return json === undefined ? [] : [[`${name}.json`, json] as const];
    });
  return new Map(
    [...fromConfigMaps, ...fromApi]
      .map(([file, json]) => {
        const dashboard = JSON.parse(json) as Wire;
        return [`${textAt(dashboard, "uid") ?? file.replace(/\.json$/, "")}.json`, dashboard] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
