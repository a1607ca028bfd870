import type { AlertmanagerSettings } from "../../../components/alertmanager/model.ts";
import type { Duration } from "../../../components/core/duration.ts";
import { SETTINGS_FORMAT, SETTINGS_TYPE } from "../../../components/platform/settings.ts";
import { serviceIn } from "../../../components/service/model.ts";
import { promisesOfService, type ServiceMonitoringArgs } from "../../../components/service/render.ts";
import type { Environment } from "../../../stacks/environment.ts";
import { alertRules, dashboards, externalLabels, ruleGroups } from "../../artefacts/alerting.ts";
import { grafanaAlerts } from "../../artefacts/grafana-alerts.ts";
import { grafanaContacts } from "../../artefacts/grafana-contacts.ts";
import { kubernetesObjects } from "../../artefacts/manifests.ts";
import { plainResource } from "../../audit/audited.ts";
import type { RecordedResource } from "../../recording/monitor.ts";
import { alertRows, grafanaRows } from "../../report/alerts.ts";
import { routeAlerts } from "../../routing.ts";
import { isMap, leavesOf } from "../leaves.ts";
import { type EnvironmentModel, modelAlert, withFileNames } from "../model.ts";
import { NotComparable } from "../read.ts";
import type { EnginePlan, EngineResource } from "./plan.ts";

/** What a deployment would do, as models: what is deployed, if anything is, and what would be. */
export interface EngineModels {
  readonly before: EnvironmentModel | undefined;
  readonly after: EnvironmentModel;
}

/**
 * The models of both sides of a plan. Resources, rules, dashboards and alerts of both come from the plan, so that what a provider adds to
 * them is no difference. Settings and services of what is deployed come from the state, in which the platform keeps them; those of what
 * would be come from the preview. Policies and the configuration of Alertmanager, which the engine keeps secret, are not compared.
 *
 * Throws {@link NotComparable} for a plan without the resources that stay, and for a deployment that keeps no settings.
 */
export function engineModels(
  plan: EnginePlan,
  head: EnvironmentModel,
  environment: Environment,
): EngineModels {
  const before = plan.steps.flatMap((step) => step.before ?? []).sort(byUrn);
  const after = plan.steps.flatMap((step) => step.after ?? []).sort(byUrn);
  const common = { ...head, alertmanager: undefined };
  const planned = { ...common, ...readOf(after, environment) };
  const stack = before.find(({ type }) => type === STACK);
  const unchanged = plan.steps.filter(({ op }) => op === "same").length;
  if (unchanged < plan.same)
    throw new NotComparable(
      `the plan lists ${unchanged} of the ${plan.same} resources that stay as they are; run pulumi preview with --json and --show-sames`,
    );
  if (!before.some(({ custom }) => custom)) return { before: undefined, after: planned };
  const kept = settingsIn(before);
  const outputs = stack?.outputs ?? {};
  return {
    before: {
      ...common,
      tier: kept.environment.tier,
      scrapeInterval: kept.environment.prometheus.scrapeInterval,
      versions: kept.versions,
      settings: Object.fromEntries(leavesOf(kept.environment)),
      ...servicesIn(before),
      ...readOf(before, kept.environment),
      outputs,
    },
    after: { ...planned, outputs: withKnown(head.outputs, outputs) as EnvironmentModel["outputs"] },
  };
}

/** The engine lists them in the order in which it carries them out. */
function byUrn(a: EngineResource, b: EngineResource): number {
  return a.urn < b.urn ? -1 : 1;
}

const STACK = "pulumi:pulumi:Stack";
const SERVICE = "bellwether:service:ServiceMonitoring";

interface KeptSettings {
  readonly environment: Environment;
  readonly versions: Readonly<Record<string, string>>;
}

/** What the platform was deployed with. */
function settingsIn(resources: readonly EngineResource[]): KeptSettings {
  const outputs = resources.find(({ type }) => type === SETTINGS_TYPE)?.outputs;
  if (outputs === undefined)
    throw new NotComparable(
      "what is deployed keeps no settings in its state, because its version of Bellwether is older than `review --plan`; compare with the commit that was deployed, by --base, or deploy once",
    );
  if (outputs["format"] !== SETTINGS_FORMAT)
    throw new NotComparable(
      `the settings in its state have format ${String(outputs["format"])}, and this version of Bellwether compares format ${SETTINGS_FORMAT}`,
    );
  return outputs as unknown as KeptSettings;
}

function servicesIn(resources: readonly EngineResource[]): Pick<EnvironmentModel, "services" | "objectives"> {
  const all = resources
    .filter(({ type }) => type === SERVICE)
    .flatMap(({ outputs }) =>
      isMap(outputs["args"]) ? [outputs["args"] as unknown as ServiceMonitoringArgs] : [],
    );
  return {
    services: Object.fromEntries(
      all.map(({ service, environment }) => {
        const { environments: _, ...definition } = serviceIn(service, environment);
        return [service.name, Object.fromEntries(leavesOf(withFileNames(definition)))];
      }),
    ),
    objectives: all.flatMap(promisesOfService),
  };
}

/** What is read of the resources themselves. */
function readOf(
  resources: readonly EngineResource[],
  { alertmanager, prometheus, grafana }: Pick<Environment, "alertmanager" | "prometheus" | "grafana">,
): Pick<EnvironmentModel, "resources" | "dashboards" | "alerts"> {
  const recorded = resources.map(
    ({ urn, type, name, custom, inputs }): RecordedResource => ({
      ...plainResource({ urn, type, name, inputs: inputs as RecordedResource["inputs"] }),
      custom,
    }),
  );
  const objects = kubernetesObjects(recorded);
  const alerts = alertRules(ruleGroups(objects));
  const routed = routeAlerts(alerts, alertmanager as AlertmanagerSettings, externalLabels(objects));
  const ofGrafana = grafanaRows(
    grafanaAlerts(recorded, objects),
    grafanaContacts(recorded, objects),
    grafana,
  );
  const interval = prometheus.scrapeInterval as Duration;
  return {
    resources,
    dashboards: Object.fromEntries(
      [...dashboards(recorded, objects)].map(([file, board]) => [file.replace(/\.json$/, ""), board]),
    ),
    alerts: alertRows(routed, alertmanager, ofGrafana, interval).map(modelAlert),
  };
}

/** Outputs of a preview; one that it does not know yet is what it was. */
function withKnown(value: unknown, before: unknown): unknown {
  if (value === "[unknown]") return before;
  if (!isMap(value)) return value;
  const was = isMap(before) ? before : {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withKnown(inner, was[key])]));
}
