import { GRPC_SERVERS } from "./grpc.ts";
import { HTTP_SERVERS } from "./http.ts";

// Which metrics are counters, as far as a name says it. A name that ends like a counter's is the convention of Prometheus and of
// OpenMetrics; exporters that are older, or that take over the names of another system, do not keep to it.

/** Counters, although their names do not end like one's. */
const COUNTERS: ReadonlySet<string> = new Set([
  // The kubelet's, which its metrics reference lists as counters of stability ALPHA.
  "kubelet_evictions",
  "kubelet_certificate_manager_client_expiration_renew_errors",
  "kubelet_server_expiration_renew_errors",
  // The VPC CNI's: requests for a pod's address that found none.
  "awscni_no_available_ip_addresses",
  // ingress-nginx: "Counter" in docs/user-guide/monitoring.md.
  "nginx_ingress_controller_requests",
  "nginx_ingress_controller_success",
  "nginx_ingress_controller_check_success",
  // What the servers of docs/conventions.md count by, recorded with their types.
  ...[...Object.values(HTTP_SERVERS), ...Object.values(GRPC_SERVERS)].map(({ counter }) => counter),
]);

/** Names of another system, in which counters and gauges are mixed: they may be either. */
const MIXED: readonly RegExp[] = [
  // From files of /proc in which most lines count up; node_exporter exposes them without a type.
  /^node_(?:vmstat|netstat)_/,
  // Envoy's statistics: its counters have no suffix, and say so in their type (stats sink prometheus).
  /^envoy_(?:cluster|http|listener|server|tcp)_/,
  // mysqld_exporter: SHOW GLOBAL STATUS, without a type.
  /^mysql_global_status_/,
  // postgres_exporter: the columns of pg_stat_database, as counters and gauges of their names.
  /^pg_stat(?:io)?_/,
];

/** Gauges, although their names end like a counter's. */
const GAUGES: readonly RegExp[] = [
  /^etcd_debugging_mvcc_keys_total$/,
  /^kubelet_running_(?:container|pod)_count$/,
  // Exporters of CloudWatch: what was counted in a minute, as a gauge.
  /^aws_[a-z0-9]+_.*_(?:sum|sample_count)$/,
];

const COUNTER_SUFFIX = /_(?:total|count|sum|bucket|created)$/;

/** Whether a metric only ever climbs, or starts again at zero; as far as its name says it. */
export function isCounter(metric: string): boolean {
  if (GAUGES.some((pattern) => pattern.test(metric))) return false;
  return COUNTERS.has(metric) || COUNTER_SUFFIX.test(metric) || MIXED.some((pattern) => pattern.test(metric));
}
