import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { JOBS, type Job } from "../signals/jobs.ts";

/** The jobs that rules of Prometheus itself read where another program evaluates all others. */
export const READ_BY_PROMETHEUS: readonly Job[] = [
  JOBS.prometheus,
  JOBS.thanosSidecar,
  JOBS.thanosQuery,
  JOBS.thanosStore,
  JOBS.thanosCompactor,
  JOBS.thanosRuler,
];

/** Has every shard scrape a target. The operator documents the label. */
const ON_EVERY_SHARD = {
  action: "replace",
  targetLabel: "__tmp_disable_sharding",
  replacement: "true",
} as const;

type Monitor = IServiceMonitor | IPodMonitor;

/**
 * The monitors of a Prometheus with several shards. Each target belongs to one shard, but for those that the rules of Prometheus itself
 * read: a shard that did not see them would take them for absent. Thanos Query counts what several shards scrape once, as it does with a
 * pair.
 */
export function monitorsOfShards<M extends Readonly<Record<string, Monitor>>>(
  monitors: M,
  shards: number,
): M {
  if (shards === 1) return monitors;
  return Object.fromEntries(
    Object.entries(monitors).map(([key, monitor]) => [
      key,
      READ_BY_PROMETHEUS.some((job) => job === monitor.metadata?.name) ? onEveryShard(monitor) : monitor,
    ]),
  ) as M;
}

function onEveryShard(monitor: Monitor): Monitor {
  if (monitor.kind === "PodMonitor") {
    const podMetricsEndpoints = (monitor.spec.podMetricsEndpoints ?? []).map((endpoint) => ({
      ...endpoint,
      relabelings: [...(endpoint.relabelings ?? []), ON_EVERY_SHARD],
    }));
    return { ...monitor, spec: { ...monitor.spec, podMetricsEndpoints } };
  }
  const endpoints = monitor.spec.endpoints.map((endpoint) => ({
    ...endpoint,
    relabelings: [...(endpoint.relabelings ?? []), ON_EVERY_SHARD],
  }));
  return { ...monitor, spec: { ...monitor.spec, endpoints } };
}
