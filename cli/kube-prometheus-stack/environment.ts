import { parseDocument } from "yaml";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import type { Service } from "../../components/service/model.ts";
import { stackNames } from "../../stacks/names.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { environmentOf, fileOf } from "../adopt-cluster/environment.ts";
import { type Inventory, inventoryOf } from "../adopt-cluster/inventory.ts";
import { nameProblems } from "../adopt-cluster/names.ts";
import { nameOf, routingOf } from "./routing.ts";
import { type LostValue, Values } from "./values.ts";

/** What the values do not say of an environment. */
export interface ValuesOptions {
  /** Name of the environment. */
  readonly environment: string;
  /** Context of the kubeconfig. Default: the name of the environment. */
  readonly context?: string;
  /** The team of the platform. Default: platform. */
  readonly owner?: string;
  /** The services whose owners need receivers. */
  readonly services: readonly Service[];
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** The file of an environment, and what of the values it does not contain. */
export interface ImportedValues {
  readonly text: string;
  readonly losses: readonly LostValue[];
}

/** Values of the chart by these fields, which no file of SLOs has. */
const FIELDS = [
  "prometheus",
  "alertmanager",
  "grafana",
  "defaultRules",
  "prometheusOperator",
  "kubeStateMetrics",
  "nodeExporter",
];

/** Whether a text is the values of kube-prometheus-stack. */
export function isValues(text: string): boolean {
  const document = parseDocument(text);
  if (document.errors.length > 0) return false;
  const value: unknown = document.toJS();
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const isObject = "apiVersion" in value || "version" in value || "kind" in value;
  return !isObject && FIELDS.some((field) => field in value);
}

/** A setting of the chart that an environment has too: where it is in both. */
interface Setting {
  readonly from: readonly string[];
  readonly to: readonly [string, string];
}

const PROMETHEUS = ["prometheus", "prometheusSpec"];
const ALERTMANAGER = ["alertmanager", "alertmanagerSpec"];
const CLAIM = ["volumeClaimTemplate", "spec"];
const SIZE = ["resources", "requests", "storage"];

const SETTINGS: readonly Setting[] = [
  { from: [...PROMETHEUS, "retention"], to: ["prometheus", "retention"] },
  { from: [...PROMETHEUS, "scrapeInterval"], to: ["prometheus", "scrapeInterval"] },
  { from: [...PROMETHEUS, "replicas"], to: ["prometheus", "replicas"] },
  { from: [...PROMETHEUS, "storageSpec", ...CLAIM, ...SIZE], to: ["prometheus", "volume"] },
  { from: [...PROMETHEUS, "storageSpec", ...CLAIM, "storageClassName"], to: ["cluster", "storageClass"] },
  { from: [...ALERTMANAGER, "retention"], to: ["alertmanager", "retention"] },
  { from: [...ALERTMANAGER, "replicas"], to: ["alertmanager", "replicas"] },
  { from: [...ALERTMANAGER, "storage", ...CLAIM, ...SIZE], to: ["alertmanager", "volume"] },
  { from: [...ALERTMANAGER, "externalUrl"], to: ["alertmanager", "externalUrl"] },
];

/** What is on in the platform, too: true says nothing, and false is lost. */
const ALWAYS_ON: readonly (readonly string[])[] = [
  ["prometheus", "enabled"],
  ["alertmanager", "enabled"],
  ["grafana", "enabled"],
  ["prometheusOperator", "enabled"],
  ["kubeStateMetrics", "enabled"],
  ["nodeExporter", "enabled"],
  ["defaultRules", "create"],
  ["crds", "enabled"],
];

/** The monitors and rules of every namespace are taken, whatever release they are of. */
const TAKES_ALL = ["serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig"].map((kind) => [
  ...PROMETHEUS,
  `${kind}SelectorNilUsesHelmValues`,
]);

/** The environment that values of kube-prometheus-stack come to. Throws an InvalidInputError for what is none. */
export function environmentFrom(
  file: { readonly name: string; readonly text: string },
  options: ValuesOptions,
): ImportedValues {
  const owner = options.owner ?? "platform";
  const problems = nameProblems({ "--name": options.environment, "--owner": owner });
  if (problems.length > 0) throw new InvalidInputError("import", problems);
  const values = new Values(file.name, parseDocument(file.text).toJS());
  const environment = skeleton(options, owner);
  const carried = carry(values, environment);
  switches(values);
  route(values, environment, owner, options.services);
  refuse(values, environment, carried, options);
  return { text: fileOf(environment), losses: values.losses() };
}

type Sections = Record<string, Record<string, unknown>>;

/** An empty cluster of one zone: what the values say of a cluster is nothing but its storage class. */
const EMPTY: Inventory = { ...inventoryOf([]), zones: 1 };

function skeleton({ environment, context, services }: ValuesOptions, owner: string): Sections {
  const teams = services.map((service) => service.owner);
  const choices = {
    name: environment,
    tier: "development" as const,
    owner,
    teams,
    context: context ?? environment,
  };
  return environmentOf(EMPTY, choices) as unknown as Sections;
}

/** Copies what both have; returns what was copied, by the path in the environment. */
function carry(values: Values, environment: Sections): Map<string, Setting> {
  const carried = new Map<string, Setting>();
  for (const setting of SETTINGS) {
    const value = values.at(setting.from);
    if (value === undefined || value === null || value === "") continue;
    const [section, field] = setting.to;
    environment[section] = { ...environment[section], [field]: value };
    values.take(setting.from);
    carried.set(setting.to.join("."), setting);
  }
  // The nodes must be spread over as many zones as there are replicas.
  const replicas = ["prometheus", "alertmanager"].map((section) =>
    Number(environment[section]?.["replicas"] ?? 1),
  );
  if (environment["cluster"] !== undefined)
    environment["cluster"]["zones"] = Math.min(3, Math.max(1, ...replicas));
  return carried;
}

function switches(values: Values): void {
  for (const path of ALWAYS_ON) {
    if (values.at(path) !== false) values.take(path);
    else
      values.lose(
        path,
        "it is a part of the platform, or of what its alerts read",
        "see docs/reference/environment.md, or keep the chart",
      );
  }
  for (const path of TAKES_ALL) if (values.at(path) === false) values.take(path);
  const interval = values.at([...PROMETHEUS, "evaluationInterval"]);
  const scraped = values.at([...PROMETHEUS, "scrapeInterval"]);
  if (interval !== undefined && interval === scraped) values.take([...PROMETHEUS, "evaluationInterval"]);
  else if (interval !== undefined && interval !== "")
    values.lose(
      [...PROMETHEUS, "evaluationInterval"],
      "rules are evaluated at the scrape interval",
      "set prometheus.scrapeInterval of the environment",
    );
  if (values.at([...PROMETHEUS, "retentionSize"]))
    values.lose(
      [...PROMETHEUS, "retentionSize"],
      "it is derived from the volume",
      "set prometheus.volume of the environment",
    );
  for (const claim of [
    [...PROMETHEUS, "storageSpec"],
    [...ALERTMANAGER, "storage"],
  ])
    values.take([...claim, ...CLAIM, "accessModes"]);
}

function route(values: Values, environment: Sections, owner: string, services: readonly Service[]): void {
  const { receivers, fallback, teams, heartbeat } = routingOf(values);
  const alertmanager = environment["alertmanager"] ?? {};
  const all = alertmanager["receivers"] as Record<string, unknown>;
  const names = Object.keys(receivers).filter((name) => name !== heartbeat);
  const usual = fallback ?? names[0] ?? "notifications";
  if (usual !== "notifications") delete all["notifications"];
  Object.assign(all, receivers);
  if (heartbeat !== undefined) {
    if (heartbeat !== "heartbeat") delete all["heartbeat"];
    alertmanager["heartbeat"] = { receiver: heartbeat };
  }
  alertmanager["fallback"] = usual;
  const everybody = new Set([owner, ...services.map((service) => service.owner), ...Object.keys(teams)]);
  alertmanager["teams"] = Object.fromEntries(
    [...everybody].sort().map((team) => {
      const own = teams[team];
      const known = own?.critical ?? own?.warning ?? [usual];
      return [nameOf(team), { critical: own?.critical ?? known, warning: own?.warning ?? known }];
    }),
  );
}

/** What the environment refuses of the values is lost, with what is allowed instead. */
function refuse(
  values: Values,
  environment: Sections,
  carried: Map<string, Setting>,
  { environment: stack, services, today }: ValuesOptions,
): void {
  const environments = [...new Set([...stackNames(), stack])];
  // Each round takes away one field at least.
  for (let round = 0; round <= SETTINGS.length; round++) {
    const context = { stack, today, environments, services: [...services] };
    const resolved = resolveEnvironment(structuredClone(environment), context);
    if (resolved.ok) return;
    const refused = resolved.problems.flatMap((problem) => {
      const setting = carried.get(settingOf(problem));
      return setting === undefined ? [] : [{ problem, setting }];
    });
    if (refused.length === 0) throw new InvalidInputError("import", resolved.problems);
    for (const { problem, setting } of refused) {
      const [section, field] = setting.to;
      delete environment[section]?.[field];
      carried.delete(setting.to.join("."));
      const isOfService = problem.path.startsWith("services.");
      values.lose(
        setting.from,
        isOfService
          ? "objectives of the services have longer periods than the retention"
          : `the environment allows ${problem.allowed}`,
        isOfService ? "choose shorter periods for this environment, and set it again" : problem.fix,
      );
    }
  }
}

/** The field of the environment that a problem is about; a period of an objective that is too long is about the retention. */
function settingOf({ path }: Problem): string {
  return /^services\..*\.period$/.test(path) ? "prometheus.retention" : path.replace(/^environment\./, "");
}
