import { type Duration, seconds } from "../core/duration.ts";
import type { AlertingRule, RecordingRule } from "../core/rules.ts";
import { JOBS } from "../signals/jobs.ts";
import { panelUrl } from "../signals/panels.ts";
import type { Severity } from "../signals/severity.ts";
import type { RunbookLinks } from "../slo/annotations.ts";
import type { SloPromises } from "../slo/promises.ts";
import { targetLabels } from "./measures.ts";
import { type Service, type ServiceTier, serviceIn } from "./model.ts";
import { NO_AVAILABLE_PODS, objectName } from "./names.ts";
import { isScraped } from "./scraping.ts";

// A service without a pod serves no request, and no pod counts the requests that fail: no burn rate alert can fire. kube-state-metrics
// says so at once, and says what the owner wants: with `spec.replicas: 0` no alert fires.

export const AVAILABLE_PODS_RECORDS = {
  /** Scraped pods by workload; while none is scraped, those of the last time. */
  workloads: "service:workload_pods:count",
  /** When a pod of the service was last available, in seconds since 1970. */
  available: "service:pods_available:timestamp_seconds",
} as const;

/** Records that refer to themselves survive a restart of Prometheus that is not longer. */
const REMEMBERED: Duration = "1h";

export interface Urgency {
  readonly severity: Severity;
  /** Longer than a pod takes that is replaced by another: a Recreate rollout, or one replica that moves. */
  readonly for: Duration;
}

const TICKET: Urgency = { severity: "warning", for: "10m" };
/** A scrape and an evaluation come before `for`: at 30 seconds the alert fires within three minutes, and at one minute within four. */
const URGENCY: Readonly<Record<ServiceTier, Urgency>> = {
  critical: { severity: "critical", for: "2m" },
  standard: TICKET,
  "best-effort": TICKET,
};

/** As of the platform's alerts about Kubernetes objects: while the pod of kube-state-metrics is replaced, there are no series. */
export const KEEP_FIRING: Duration = "5m";

/** How urgent it is that a service has no pod; undefined if this is not known, or if having none is normal. */
export function urgencyOf(service: Service, environment: string | undefined): Urgency | undefined {
  const here = serviceIn(service, environment);
  // A batch job has pods only while it runs. What is only probed, or measured by a team's own queries, may run outside the cluster.
  if (!isScraped(here) || here.batch !== undefined) return undefined;
  return (here.page ?? true) ? URGENCY[service.tier] : TICKET;
}

/** When the alert fires at the latest: a scrape has to see that no pod is available, and an evaluation the scrape; then it has to last. */
export function podsPromise(
  service: Service,
  environment: string | undefined,
  scrapeInterval: Duration,
): SloPromises["withoutPods"] {
  const urgency = urgencyOf(service, environment);
  if (urgency === undefined) return undefined;
  const interval = seconds(scrapeInterval);
  const held = Math.ceil(seconds(urgency.for) / interval) * interval;
  return { severity: urgency.severity, seconds: 2 * interval + held };
}

/** A service as it is in an environment, in the namespace where its pods are scraped. */
export function whereItsPodsAre(service: Service, environment: string | undefined): Service {
  const here = serviceIn(service, environment);
  return { ...here, namespace: targetLabels(here)["namespace"] ?? here.namespace };
}

/** The kind of the monitor, as it is in the names of scrape pools. */
export function scrapePoolKind({ scrape }: Pick<Service, "scrape">): "podMonitor" | "serviceMonitor" {
  return scrape?.kind === "pod" ? "podMonitor" : "serviceMonitor";
}

/** The rules about the pods of a service, in the order in which they read each other. */
export function availablePodsRules(
  service: Service,
  environment: string | undefined,
  links: RunbookLinks,
): readonly (RecordingRule | AlertingRule)[] {
  const urgency = urgencyOf(service, environment);
  if (urgency === undefined) return [];
  const here = whereItsPodsAre(service, environment);
  const labels = { service: service.name, team: service.owner };
  const { workloads, available } = AVAILABLE_PODS_RECORDS;
  return [
    { record: workloads, expr: workloadsQuery(here), labels },
    { record: available, expr: availableQuery(here), labels },
    {
      alert: NO_AVAILABLE_PODS,
      expr: alertQuery(here),
      for: urgency.for,
      keep_firing_for: KEEP_FIRING,
      labels: availablePodsLabels(service, urgency),
      annotations: availablePodsAnnotations(here, links, DESCRIPTION_TEMPLATE),
    },
  ];
}

export function availablePodsLabels({ name, owner }: Service, { severity }: Pick<Urgency, "severity">) {
  return { service: name, team: owner, severity };
}

/** What the alert knows only when it fires. */
export interface PodsFindings {
  /** How many pods there should be; a template in the rule. */
  readonly wanted: (service: Service) => string;
}

const DESCRIPTION_TEMPLATE: PodsFindings = {
  wanted: (service) =>
    `{{ if gt $value 0.0 }}${wantedText("{{ $value }}")}{{ else }}${goneText(service)}{{ end }}`,
};

export function wantedText(pods: string): string {
  return `Pods that should run: ${pods}. Available: 0.`;
}

export function goneText({ namespace }: Pick<Service, "namespace">): string {
  return `Its workload in the namespace ${namespace} no longer exists, and Prometheus can scrape no pod.`;
}

export function availablePodsAnnotations(
  service: Service,
  { runbookBaseUrl, grafana }: RunbookLinks,
  { wanted }: PodsFindings,
): Readonly<Record<string, string>> {
  return {
    summary: `${service.name} has no available pod`,
    description: `${wanted(service)} No user can reach ${service.name}. Its objectives do not show this, because no pod counts the failed requests.`,
    runbook_url: `${runbookBaseUrl}/${NO_AVAILABLE_PODS}.md`,
    ...(grafana
      ? { dashboard_url: panelUrl(grafana, { dashboard: { service: service.name }, panel: "targets" }) }
      : {}),
  };
}

/** All pods of a ReplicaSet that a Deployment made, or of a StatefulSet or a DaemonSet, carry its name in their owner's. */
const OWNER = "ReplicaSet/(.+?)(?:-[^-]+)?|(?:StatefulSet|DaemonSet)/(.+)";

/**
 * The service's workloads are those whose pods are scraped: their names are the team's choice. Before any was scraped, a workload with
 * the name of the service is taken for its own.
 */
function workloadsQuery(service: Service): string {
  const owner = stateMetrics(service, "kube_pod_owner", 'owner_kind=~"ReplicaSet|StatefulSet|DaemonSet"');
  return [
    "count by (workload) (",
    `  label_replace(label_join(${owner}, "owner", "/", "owner_kind", "owner_name"), "workload", "$1$2", "owner", "${OWNER}")`,
    `  and on (pod) ${up(service)}`,
    ")",
    `or on () last_over_time(${workloadsOf(service)}[${REMEMBERED}])`,
    `or on () label_replace(vector(0), "workload", "${service.name}", "", "")`,
  ].join("\n");
}

function availableQuery(service: Service): string {
  return [
    `(vector(time()) and on () (sum(${ofWorkloads(service, AVAILABLE)}) > 0))`,
    `or on () last_over_time(${lastAvailable(service)}[${REMEMBERED}])`,
  ].join("\n");
}

/**
 * The pods that should run, once none is available; 0 if the workload was deleted and the monitor was not: then its scrape pool is still
 * there, kube-state-metrics answers, and no target does. A service that never had an available pod is not known here.
 */
function alertQuery(service: Service): string {
  const since = `(${lastAvailable(service)} < time())`;
  const monitor = `${scrapePoolKind(service)}/.+/${objectName(service)}/\\\\d+`;
  const wanted = ofWorkloads(service, WANTED);
  return [
    `(sum(${wanted}) > 0 and on () ${since})`,
    "or on ()",
    "(",
    `  vector(0) and on () ${since}`,
    `  and on () prometheus_target_scrape_pool_targets{job="${JOBS.prometheus}",scrape_job=~"${monitor}"}`,
    `  and on () (up{job="${JOBS.kubeStateMetrics}",endpoint!="telemetry"} == 1)`,
    `  unless on () ${wanted}`,
    `  unless on () (${up(service)} == 1)`,
    ")",
  ].join("\n");
}

type Replicas = readonly (readonly [metric: string, label: string])[];

const WANTED: Replicas = [
  ["kube_deployment_spec_replicas", "deployment"],
  ["kube_statefulset_replicas", "statefulset"],
  ["kube_daemonset_status_desired_number_scheduled", "daemonset"],
];

const AVAILABLE: Replicas = [
  ["kube_deployment_status_replicas_available", "deployment"],
  ["kube_statefulset_status_replicas_ready", "statefulset"],
  ["kube_daemonset_status_number_available", "daemonset"],
];

/** Numbers of replicas of the service's workloads, whatever their kind. */
function ofWorkloads(service: Service, replicas: Replicas): string {
  const named = replicas.map(
    ([metric, label]) =>
      `label_replace(${stateMetrics(service, metric)}, "workload", "$1", "${label}", "(.+)")`,
  );
  // Two kube-state-metrics, as while its pod is replaced, report the same.
  return `(max by (workload) (${named.join(" or ")}) and on (workload) ${workloadsOf(service)})`;
}

function stateMetrics({ namespace }: Service, metric: string, ...more: readonly string[]): string {
  const matchers = [`job="${JOBS.kubeStateMetrics}"`, `namespace="${namespace}"`, ...more];
  return `${metric}{${matchers.join(",")}}`;
}

function up(service: Service): string {
  const { job, namespace = service.namespace } = targetLabels(service);
  return `up{job="${job}",namespace="${namespace}"}`;
}

function workloadsOf({ name }: Service): string {
  return `${AVAILABLE_PODS_RECORDS.workloads}{service="${name}"}`;
}

function lastAvailable({ name }: Service): string {
  return `${AVAILABLE_PODS_RECORDS.available}{service="${name}"}`;
}
