import { renderAlertmanager } from "../../../components/alertmanager/render.ts";
import { renderInCluster } from "../../../components/grafana/render.ts";
import type { KubernetesObject } from "../../../components/kubernetes/model.ts";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import { CLUSTER, ENVIRONMENT, SETTINGS } from "../alertmanager/settings.ts";
import { IN_CLUSTER_ARGS } from "../grafana/samples.ts";
import { PRODUCTION, resolved } from "../prometheus/samples.ts";

/** All objects of the platform's workloads, as production renders them. */
export function renderedPlatform(): readonly KubernetesObject[] {
  const { alertmanager, before, after } = renderAlertmanager({
    settings: SETTINGS,
    environment: ENVIRONMENT,
    cluster: CLUSTER,
  });
  const grafana = renderInCluster(IN_CLUSTER_ARGS);
  return [
    ...Object.values(monitoringObjects(resolved(PRODUCTION))),
    alertmanager,
    ...Object.values(before),
    ...Object.values(after),
    grafana.grafana,
    ...Object.values(grafana.before),
    ...Object.values(grafana.after),
  ] as readonly KubernetesObject[];
}
