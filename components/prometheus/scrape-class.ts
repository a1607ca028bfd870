import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { kubeletService } from "./existing-programs.ts";

type ScrapeClass = NonNullable<IPrometheus["spec"]["scrapeClasses"]>[number];

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server's own Service, which every cluster has. */
export const API_SERVICE = { namespace: "default", name: "kubernetes" } as const;

/** The name by which monitors ask for {@link kubernetesClass}. */
export const KUBERNETES_CLASS = "kubernetes";

/**
 * How the API server and the kubelets are scraped: with the token and the CA that Kubernetes mounts into Prometheus' pods and
 * renews there.
 *
 * A monitor cannot say this itself. Its `authorization` takes a Secret, and a token in a Secret never expires; its
 * `bearerTokenFile` is deprecated, and as long as it works at all, everybody who may write a ServiceMonitor may have any file of
 * Prometheus sent to a target of theirs, so {@link renderPrometheus} denies it. A scrape class stands in the Prometheus
 * resource, which only the platform writes, and monitors name it. Its relabelling keeps targets of the two Services that take
 * the token and drops all others, so that naming it by mistake sends the token nowhere.
 */
export function kubernetesClass(kubelets: ReturnType<typeof kubeletService>): ScrapeClass {
  return {
    name: KUBERNETES_CLASS,
    authorization: { credentialsFile: `${ACCOUNT}/token` },
    tlsConfig: { caFile: `${ACCOUNT}/ca.crt` },
    relabelings: [
      {
        action: "keep",
        sourceLabels: ["__meta_kubernetes_namespace", "__meta_kubernetes_service_name"],
        regex: [API_SERVICE, kubelets].map(({ namespace, name }) => `${namespace};${name}`).join("|"),
      },
    ],
  };
}
