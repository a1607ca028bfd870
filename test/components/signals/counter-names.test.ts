import { describe, expect, it } from "vitest";
import { isCounter } from "../../../components/signals/counter-names.ts";

describe("a counter", () => {
  it.each([
    "http_requests_total",
    "http_request_duration_seconds_count",
    // By its type, and not by its name.
    "nginx_ingress_controller_requests",
    "envoy_http_downstream_rq_xx",
    "mysql_global_status_queries",
    "pg_stat_database_xact_commit",
    "kubelet_evictions",
  ])("%s is one", (metric) => {
    expect(isCounter(metric)).toBe(true);
  });

  it.each([
    "go_goroutines",
    "nginx_ingress_controller_nginx_process_connections",
    "envoy_server",
    // Its name ends like a counter's.
    "aws_applicationelb_request_count_sum",
    "kubelet_running_pod_count",
  ])("%s is none", (metric) => {
    expect(isCounter(metric)).toBe(false);
  });
});
