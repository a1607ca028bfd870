import { ALERTING_BREAKS } from "./alerting.ts";
import type { Break } from "./break.ts";
import { CLUSTER_BREAKS } from "./cluster.ts";
import { MONITORING_BREAKS } from "./monitoring.ts";
import { STACK_BREAKS } from "./stack.ts";
import { WORKLOAD_BREAKS } from "./workloads.ts";

/** Breaks of every policy. Each stack fails that policy alone. */
export const BREAKS: readonly Break[] = [
  ...WORKLOAD_BREAKS,
  ...MONITORING_BREAKS,
  ...CLUSTER_BREAKS,
  ...ALERTING_BREAKS,
  ...STACK_BREAKS,
];
