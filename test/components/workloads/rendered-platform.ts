import { renderAlertmanager } from "../../../components/alertmanager/render.ts";
import { renderInCluster } from "../../../components/grafana/render.ts";
import type { KubernetesObject } from "../../../components/kubernetes/model.ts";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import { DEFAULT_NAMESPACES, type Namespaces } from "../../../components/workloads/model.ts";
import { CLUSTER, ENVIRONMENT, SETTINGS } from "../alertmanager/settings.ts";
import { IN_CLUSTER_ARGS } from "../grafana/samples.ts";
import { PRODUCTION, resolved } from "../prometheus/samples.ts";

/** All objects of the platform's workloads, as production renders them in two namespaces. */
export function renderedPlatform(namespaces: Namespaces = DEFAULT_NAMESPACES): readonly KubernetesObject[] {
  const { alertmanager, before, after } = renderAlertmanager({
    settings: SETTINGS,
    environment: ENVIRONMENT,
    cluster: CLUSTER,
    namespaces,
  });
  const grafana = renderInCluster({ ...IN_CLUSTER_ARGS, namespace: namespaces.monitoring });
  return [
    ...Object.values(monitoringObjects(resolved({ ...PRODUCTION, namespaces }))),
    alertmanager,
    ...Object.values(before),
    ...Object.values(after),
    grafana.grafana,
    ...Object.values(grafana.before),
    ...Object.values(grafana.after),
  ] as readonly KubernetesObject[];
}
