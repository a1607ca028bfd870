import type { Service } from "../../components/service/model.ts";
import type { Container } from "./container.ts";
import { FACTOR, type StoredSeries } from "./control-plane-hour.ts";
import { LIVED, type Line } from "./grid.ts";
import type { ServicePod } from "./service-lines.ts";

// What the control plane's Prometheus stored, in the time of the hour, and what it says of containers and of the services' pods.

type Labels = Readonly<Record<string, string>>;

/** Jobs whose programs need machines: their series come from machine-lines.ts. */
const OF_MACHINES = new Set(["node-exporter", "kubelet", "cadvisor", "coredns", "aws-node"]);

/** Programs whose own clock was not faster: what they counted in a tenth of the time is a tenth. */
const UNHURRIED = new Set(["apiserver", "kube-scheduler", "kube-controller-manager", "prometheus-operator"]);

const OF_SCRAPES = /^(up|scrape_\w+)$/;
const COUNTER = /_(total|bucket|count|sum)$/;

/** The stored series that no simulation replaces. */
export function storedLines(series: readonly StoredSeries[], services: readonly Service[]): Line[] {
  const jobs = new Set(services.flatMap(({ name }) => [name, `probe/${name}`]));
  return series
    .filter(({ labels: { __name__: name = "", job = "" } }) => {
      if (OF_SCRAPES.test(name)) return true;
      return !(OF_MACHINES.has(job) || jobs.has(job) || name.startsWith("kube_cronjob_"));
    })
    .map(({ labels, values }) => ({ labels: inPlace(labels), values: inTimeOfTheHour(labels, values) }));
}

/** Where a pod of Prometheus has its rule files. */
function inPlace(labels: Labels): Labels {
  const { rule_group: group } = labels;
  if (group === undefined) return labels;
  const mounted = "/etc/prometheus/rules/prometheus-prometheus-rulefiles-0/";
  return { ...labels, rule_group: group.replace(/^.*\/rules\//, mounted) };
}

function inTimeOfTheHour(
  { __name__: name = "", job = "" }: Labels,
  values: readonly (number | null)[],
): readonly (number | null)[] {
  if (name === "prometheus_rule_group_interval_seconds")
    return values.map((value) => (value === null ? null : value * FACTOR));
  // Prometheus was started shortly before, and found every series new.
  if (name === "scrape_series_added")
    return values.map((value, scrape) => (scrape < 8 && value !== null ? 0 : value));
  const isOfItself = name.startsWith("kube_state_metrics_");
  return COUNTER.test(name) && (UNHURRIED.has(job) || isOfItself) ? hurried(values) : values;
}

/** A counter that grows by the factor more. */
function hurried(values: readonly (number | null)[]): (number | null)[] {
  let [known, sum] = [null as number | null, 0];
  return values.map((value) => {
    if (value === null) return null;
    if (known === null) sum = value;
    else sum += FACTOR * Math.max(0, value - known);
    known = value;
    return sum;
  });
}

const named =
  (name: string) =>
  ({ labels }: StoredSeries) =>
    labels["__name__"] === name;

/** Every container that kube-state-metrics told of. */
export function containersIn(series: readonly StoredSeries[]): Container[] {
  const nodes = new Map(
    series
      .filter(named("kube_pod_info"))
      .map(({ labels }) => [`${labels["namespace"]} ${labels["pod"]}`, labels["node"] ?? ""]),
  );
  const resources = (metric: string, resource: string) =>
    new Map(
      series
        .filter(named(metric))
        .filter(({ labels }) => labels["resource"] === resource)
        .map(({ labels, values }) => [keyOf(labels), values.find((value) => value !== null) ?? undefined]),
    );
  const requests = resources("kube_pod_container_resource_requests", "cpu");
  const limits = resources("kube_pod_container_resource_limits", "memory");
  const waits = new Map(
    series
      .filter(named("kube_pod_container_status_waiting_reason"))
      .map(({ labels, values }) => [keyOf(labels), values]),
  );
  return series.filter(named("kube_pod_container_status_restarts_total")).map(({ labels, values }) => {
    const { namespace = "", pod = "", container = "" } = labels;
    const key = keyOf(labels);
    const exists = values.map((value) => value !== null);
    return {
      namespace,
      pod,
      container,
      node: nodes.get(`${namespace} ${pod}`) ?? "",
      request: requests.get(key),
      limit: limits.get(key),
      exists,
      runs: exists.map((each, index) => each && waits.get(key)?.[index] !== 1),
    };
  });
}

function keyOf({ namespace, pod, container }: Labels): string {
  return `${namespace} ${pod} ${container}`;
}

/**
 * The pods of a service that Prometheus scraped, and when they served. One that was there at first was there before; one that crashes
 * counts too little between two scrapes to be seen.
 */
export function podsOf(service: string, series: readonly StoredSeries[]): ServicePod[] {
  return series
    .filter(named("up"))
    .filter(({ labels }) => labels["job"] === service)
    .map(({ labels: { __name__: _, ...labels }, values }) => {
      const answers = new Map(LIVED.map((second, index) => [second, values[index] === 1]));
      return {
        name: labels["pod"] ?? "",
        labels,
        serves: (second: number) => !values.includes(0) && (answers.get(second) ?? values[0] === 1),
      };
    });
}

/** The series and containers of a service's pods under another service's name. */
export function renamed<T>(from: string, to: string, what: T): T {
  return JSON.parse(JSON.stringify(what).replaceAll(from, to)) as T;
}
