import { CLUSTER_DISAGREEMENTS } from "./cluster.ts";
import type { Disagreement } from "./disagreement.ts";
import { ENVIRONMENT_DISAGREEMENTS } from "./environment.ts";
import { GLOBAL_DISAGREEMENTS } from "./global.ts";
import { GRAFANA_DISAGREEMENTS } from "./grafana.ts";
import { HEARTBEAT_DISAGREEMENTS } from "./heartbeat.ts";
import { INGRESS_DISAGREEMENTS } from "./ingress.ts";
import { ISOLATED_NETWORK_DISAGREEMENTS } from "./isolated-network.ts";
import { MONITORING_DISAGREEMENTS } from "./monitoring.ts";
import { POD_BLOCK_DISAGREEMENTS } from "./pod-blocks.ts";
import { STORED_RULES_DISAGREEMENTS } from "./stored-rules.ts";

/** Every rule between fields, broken once and by nothing else. */
export const DISAGREEMENTS: readonly Disagreement[] = [
  ...ENVIRONMENT_DISAGREEMENTS,
  ...CLUSTER_DISAGREEMENTS,
  ...POD_BLOCK_DISAGREEMENTS,
  ...ISOLATED_NETWORK_DISAGREEMENTS,
  ...HEARTBEAT_DISAGREEMENTS,
  ...INGRESS_DISAGREEMENTS,
  ...MONITORING_DISAGREEMENTS,
  ...GRAFANA_DISAGREEMENTS,
  ...STORED_RULES_DISAGREEMENTS,
  ...GLOBAL_DISAGREEMENTS,
];
