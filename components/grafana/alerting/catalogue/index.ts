import type { GrafanaAlertDefinition, GrafanaAlertGroup } from "../definition.ts";
import { AWS_GROUP } from "./aws.ts";
import { PROMETHEUS_GROUP } from "./prometheus.ts";

/** Every group of alerts that Grafana evaluates, in the order in which it is rendered. */
export const GRAFANA_ALERT_GROUPS: readonly GrafanaAlertGroup[] = [PROMETHEUS_GROUP, AWS_GROUP];

/** Every alert that Grafana evaluates. */
export const GRAFANA_ALERTS: readonly GrafanaAlertDefinition[] = GRAFANA_ALERT_GROUPS.flatMap(
  ({ alerts }) => alerts,
);
