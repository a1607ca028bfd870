import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IProbe } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Probe";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { PromtoolTestFile, ReportedAlert } from "../alerts/model.ts";
import { componentLabels, evaluatedBy } from "../core/labels.ts";
import type { AlertingRule, RecordingRule } from "../core/rules.ts";
import { type ProbeModule, proberAddress } from "../prometheus/render.ts";
import type { Severity } from "../signals/severity.ts";
import { sloTests } from "../slo/cases.ts";
import { promisesOf, type SloPromises } from "../slo/promises.ts";
import { PROGRAM_LABEL } from "../usage/model.ts";
import { DEFAULT_NAMESPACES } from "../workloads/model.ts";
import type { ServiceMonitoringArgs } from "./arguments.ts";
import { podsPromise } from "./available-pods.ts";
import { availablePodsTests } from "./available-pods-cases.ts";
import { probeJob } from "./measures.ts";
import { examplesOf, type Service, serviceIn, slosOf } from "./model.ts";
import { monitorOf } from "./monitor.ts";
import { objectName, ownAlertsName, rulesName } from "./names.ts";
import { ownAlertTests } from "./own-alerts/cases.ts";
import { UNPROVEN } from "./own-alerts/rules.ts";
import { ruleGroupsOf } from "./rule-groups.ts";
import { jobsElsewhere, SCRAPED_ELSEWHERE } from "./scraped-elsewhere.ts";
import { intervalOf, scrapedEndpoint } from "./scraping.ts";

export type { ServiceMonitoringArgs } from "./arguments.ts";

/** A service's objects by role. */
export interface ServiceObjects {
  /** None for a service whose series are scraped by something else. */
  readonly monitor?: IServiceMonitor;
  /** Instead of a monitor, for a service whose pods are scraped. */
  readonly podMonitor?: IPodMonitor;
  /** None for a service that nobody probes. */
  readonly probe?: IProbe;
  /** A group for each objective; the first also has the rules about the service's pods. The last have the team's own alerts and rule files. */
  readonly rules: IPrometheusRule;
}

/** A probe over https reports some forty series, whatever it finds. */
const PROBE_SAMPLE_LIMIT = 200;

export function renderService(args: PlacedArgs): ServiceObjects {
  const here = serviceIn(args.service, args.environment);
  const { probe: probed } = here;
  const scraped = scrapedEndpoint(here);
  const scrapeInterval = intervalOf(here, args.scrapeInterval);
  return {
    ...(scraped && monitorOf({ ...args, scrapeInterval, service: here }, metadata(args), scraped)),
    ...(probed && { probe: probe({ ...args, scrapeInterval }, probed) }),
    rules: rules(args),
  };
}

/**
 * The service's promtool cases by file name: that of the objective's rules, and how often they are evaluated where that is not as
 * often. A case of promtool sees every alert of a rule file, so that those of one objective can only be proven apart from those of
 * another: the preview writes a rule file for each group.
 */
export function renderServiceTests(args: ServiceMonitoringArgs): Readonly<Record<string, PromtoolTestFile>> {
  const { service, environment, runbookBaseUrl, grafana, namespace } = args;
  const scrapeInterval = intervalOf(serviceIn(service, environment), args.scrapeInterval);
  const context = { environment, scrapeInterval, runbookBaseUrl, grafana };
  const ofPods = availablePodsTests(service, { ...context, ...(namespace !== undefined && { namespace }) });
  const own = ownAlertTests(service, context);
  const ownName = ownAlertsName(service);
  const ownFile = {
    rule_files: [`../rules/${ownName}.yaml`],
    evaluation_interval: scrapeInterval,
    tests: own,
  };
  return Object.fromEntries([
    ...slosOf(service, environment).flatMap((slo, index) => {
      const name = rulesName(service, slo.name);
      const examples = examplesOf(service, slo.name, environment);
      return sloTests(slo, { scrapeInterval, runbookBaseUrl, grafana, examples }).map(
        ({ evaluated, cases }) => {
          const isOften = evaluated === scrapeInterval;
          const tests = isOften && index === 0 ? [...cases, ...ofPods] : cases;
          const file = { rule_files: [`../rules/${name}.yaml`], evaluation_interval: evaluated, tests };
          return [isOften ? name : `${name}-every-${evaluated}`, file] as const;
        },
      );
    }),
    ...(own.length === 0 ? [] : [[ownName, ownFile] as const]),
  ]);
}

/** The service's alerts as a report lists them. */
export function alertsOfService(args: ServiceMonitoringArgs): readonly ReportedAlert[] {
  const { service } = args;
  return ruleGroupsOf(args.service, args)
    .flatMap((group) => group.rules)
    .filter(isAlert)
    .map(({ alert, expr, labels, annotations, for: pending }) => ({
      name: alert,
      severity: labels["severity"] as Severity,
      team: service.owner,
      for: pending ?? "0s",
      summary: annotations["summary"] ?? "",
      runbookUrl: annotations["runbook_url"] ?? "",
      expr,
      group: service.name,
      ...(annotations["proof"] === UNPROVEN.annotation.proof ? { unproven: true as const } : {}),
    }));
}

/** What the service's objectives promise, for reports. */
export function promisesOfService({
  service,
  environment,
  ...args
}: ServiceMonitoringArgs): readonly SloPromises[] {
  const scrapeInterval = intervalOf(serviceIn(service, environment), args.scrapeInterval);
  const withoutPods = podsPromise(service, environment, scrapeInterval);
  return slosOf(service, environment).map((slo) => ({
    ...promisesOf(slo, scrapeInterval),
    ...(withoutPods && { withoutPods }),
  }));
}

function isAlert(rule: RecordingRule | AlertingRule): rule is AlertingRule {
  return "alert" in rule;
}

function metadata({ service, namespace, program }: PlacedArgs) {
  const { "app.kubernetes.io/name": _, ...labels } = componentLabels(
    service.name,
    service.name,
    "monitoring",
  );
  return {
    name: objectName(service),
    namespace,
    // Not the service's own name label: what is about a service is not the service.
    labels: {
      "app.kubernetes.io/name": objectName(service),
      ...labels,
      team: service.owner,
      service: service.name,
      ...(program !== undefined && { [PROGRAM_LABEL]: program }),
    },
  };
}

/** What a service's objects are rendered from, with the namespace that they are in. */
type PlacedArgs = ServiceMonitoringArgs & { readonly namespace: string };

/** A prober asks for each target; the operator hands the target over and makes it the label `instance`. */
function probe(args: PlacedArgs, { targets, module }: NonNullable<Service["probe"]>): IProbe {
  const { service, scrapeInterval, monitoringNamespace: monitoring = DEFAULT_NAMESPACES.monitoring } = args;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Probe",
    metadata: metadata(args),
    spec: {
      jobName: probeJob(service),
      interval: scrapeInterval,
      module: module satisfies ProbeModule,
      prober: { url: proberAddress({ monitoring }) },
      sampleLimit: PROBE_SAMPLE_LIMIT,
      targets: {
        staticConfig: {
          static: [...targets],
          labels: { service: service.name, team: service.owner },
        },
      },
    },
  };
}

function rules(args: PlacedArgs): IPrometheusRule {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      ...metadata(args),
      labels: { ...metadata(args).labels, ...evaluatedBy(args.rules ?? "local") },
      ...elsewhere(serviceIn(args.service, args.environment)),
    },
    spec: {
      groups: ruleGroupsOf(args.service, args).map(({ rules: inGroup, ...group }) => ({
        ...group,
        rules: inGroup.map((rule) => ({ ...rule })),
      })),
    },
  };
}

/** Says of rules which jobs they read that no monitor of the platform scrapes. */
function elsewhere(service: Service): { annotations?: Record<string, string> } {
  const jobs = jobsElsewhere(service);
  return jobs.length === 0 ? {} : { annotations: { [SCRAPED_ELSEWHERE]: jobs.join(" ") } };
}
