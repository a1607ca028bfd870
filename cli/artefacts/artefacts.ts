import type { Tested } from "../../components/core/promtool.ts";
import { policyExceptions } from "../policy/exceptions.ts";
import type { PackConfig } from "../policy/judgement.ts";
import type { PolicyResult } from "../policy/verdict.ts";
import type { RecordedResource, Recording } from "../recording/monitor.ts";
import { redacted, type Wire } from "../recording/wire.ts";
import {
  type AlertmanagerFiles,
  alertmanagerConfig,
  alertRules,
  dashboards,
  externalLabels,
  notificationTemplates,
  type RecordedAlert,
  ruleGroups,
  teamRecords,
} from "./alerting.ts";
import { blockYaml } from "./block-yaml.ts";
import { type FileContent, type Files, wholeText } from "./folder.ts";
import { grafanaAlerts, type RecordedGrafanaAlert } from "./grafana-alerts.ts";
import { type GrafanaContacts, grafanaContacts } from "./grafana-contacts.ts";
import { kubernetesObjects, manifestFiles } from "./manifests.ts";
import { ProvenAlerts } from "./proven.ts";
import { ownRunbooks } from "./runbooks.ts";
import { TestWriter } from "./test-writer.ts";

/** What other tools read of a recording, beside the report. */
export interface Artefacts {
  readonly files: Files;
  readonly alerts: readonly RecordedAlert[];
  /** How many recording rules are in rule files of teams. */
  readonly teamRecords: number;
  /** What Grafana evaluates itself. */
  readonly grafanaAlerts: readonly RecordedGrafanaAlert[];
  readonly grafanaContacts: GrafanaContacts;
  /** The labels that Prometheus puts on every alert. */
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly dashboards: ReadonlyMap<string, Wire>;
  /** The files that Alertmanager reads. */
  readonly alertmanager: AlertmanagerFiles;
  /** What the promtool cases say of the alerts. */
  readonly proven: ProvenAlerts;
}

/**
 * The files of `out/<environment>/` that follow from a recording alone. The same recording gives the same bytes. `put` takes each as soon as it is
 * rendered, a large one in parts, and then `files` is empty: with 500 services they are 400 MB.
 */
export function artefactsOf(
  recording: Recording,
  environment: string,
  today: string,
  tests: readonly Tested[],
  put?: (path: string, content: FileContent) => void,
): Artefacts {
  const objects = kubernetesObjects(recording.resources);
  const rules = ruleGroups(objects);
  const boards = dashboards(recording.resources, objects);
  const config = alertmanagerConfig(objects);
  const files = new Map<string, string>();
  const write = put ?? ((path, content) => void files.set(path, wholeText(content)));
  write("graph.json", graph(recording, environment, today));
  for (const [file, content] of manifestFiles(objects)) write(`manifests/${file}`, content);
  for (const [name, content] of rules) write(`prometheus/rules/${name}.yaml`, blockYaml(content));
  const proven = new ProvenAlerts();
  const written = new TestWriter(proven, (name, text) => write(`prometheus/tests/${name}.yaml`, text));
  for (const tested of tests) written.write(tested);
  if (config !== undefined) write("alertmanager/alertmanager.yaml", config);
  for (const [file, dashboard] of boards) write(`dashboards/${file}`, json(dashboard));
  const alerts = alertRules(rules);
  for (const [file, page] of ownRunbooks(alerts, proven)) write(`runbooks/${file}`, page);
  return {
    files,
    alerts,
    teamRecords: teamRecords(rules),
    grafanaAlerts: grafanaAlerts(recording.resources, objects),
    grafanaContacts: grafanaContacts(recording.resources, objects),
    externalLabels: externalLabels(objects),
    dashboards: boards,
    alertmanager: { configuration: config, templates: notificationTemplates(objects) },
    proven,
  };
}

/**
 * policies.json: every violation, waived ones too. policy-config.json: what `pulumi up --policy-pack-config` is given where the tier's own
 * file is not enough. policy-exceptions.json: the same with what is waived, for a CLI that knows exceptions.
 */
export function policyFiles(
  results: readonly PolicyResult[],
  config: PackConfig,
): readonly (readonly [file: string, text: string])[] {
  const exceptions = policyExceptions(config, results);
  return [
    ["policies.json", json(results)],
    ...(hasSettings(config) ? [["policy-config.json", json(config)] as const] : []),
    ...(exceptions === undefined ? [] : [["policy-exceptions.json", json(exceptions)] as const]),
  ];
}

/** Whether a configuration says more than the level of each policy. */
function hasSettings(config: PackConfig): boolean {
  return Object.values(config).some((policy) => typeof policy === "object");
}

/** As {@link json} writes it, one resource after the other: with a thousand services the text is a hundred megabytes. */
function* graph({ resources, outputs }: Recording, environment: string, today: string): Generator<string> {
  const [before = "", after = ""] = json({
    environment,
    today,
    resources: [0],
    outputs: sorted(redacted(outputs)),
  }).split(/0\n(?= {2}\],\n {2}"outputs")/);
  if (resources.length === 0)
    return yield json({ environment, today, resources, outputs: sorted(redacted(outputs)) });
  yield before;
  for (const [index, resource] of resources.entries()) {
    const text = JSON.stringify(graphed(resource), null, 2).replaceAll("\n", "\n    ");
    yield index === resources.length - 1 ? `${text}\n` : `${text},\n    `;
  }
  yield after;
}

function graphed(resource: RecordedResource) {
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    parent: resource.parent ?? null,
    dependsOn: resource.dependsOn,
    protect: resource.protect,
    ...(resource.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(resource.provider === undefined ? {} : { provider: resource.provider }),
    ...(resource.aliases.length === 0 ? {} : { aliases: resource.aliases }),
    ...(resource.ignoreChanges.length === 0 ? {} : { ignoreChanges: resource.ignoreChanges }),
    inputs: sorted(redacted(resource.inputs)),
  };
}

/** With the keys of every map in order: the order in which a program sets them means nothing. */
function sorted(value: Wire): Wire {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
