import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { ServiceMonitoringArgs } from "./arguments.ts";
import type { ScrapedEndpoint } from "./scraping.ts";

/**
 * More series than this in one scrape and the scrape is refused: a label with user ids in it must not take the whole
 * Prometheus down. Ten thousand are some hundred times what an HTTP service of normal make exposes.
 */
const SAMPLE_LIMIT = 10_000;

type Metadata = { name: string; namespace: string; labels: Record<string, string> };
type Endpoint = NonNullable<IPodMonitor["spec"]["podMetricsEndpoints"]>[number];

/** The monitor of a service: of its Kubernetes Service, or of its pods. */
export function monitorOf(
  { service, scrapeInterval }: ServiceMonitoringArgs,
  metadata: Metadata,
  scraped: ScrapedEndpoint,
): { readonly monitor: IServiceMonitor } | { readonly podMonitor: IPodMonitor } {
  const { name, owner } = service;
  const set = (targetLabel: string, replacement: string) => ({
    action: "replace" as const,
    targetLabel,
    replacement,
  });
  const endpoint = {
    port: scraped.port,
    path: scraped.path,
    interval: scrapeInterval,
    ...protocolOf(scraped),
    // Names that rules and routes rely on come from the definition, and not from what a Service happens to be called.
    relabelings: [set("job", name), set("service", name), set("team", owner)],
  };
  const spec = {
    selector: { matchLabels: { ...(scraped.selector ?? { "app.kubernetes.io/name": name }) } },
    namespaceSelector: { matchNames: [scraped.namespace ?? service.namespace] },
    sampleLimit: SAMPLE_LIMIT,
    ...(scraped.histogram === "native" && { scrapeNativeHistograms: true }),
  };
  const apiVersion = "monitoring.coreos.com/v1";
  return scraped.kind === "pod"
    ? {
        podMonitor: {
          apiVersion,
          kind: "PodMonitor",
          metadata,
          spec: { ...spec, podMetricsEndpoints: [endpoint] },
        },
      }
    : { monitor: { apiVersion, kind: "ServiceMonitor", metadata, spec: { ...spec, endpoints: [endpoint] } } };
}

function protocolOf({
  scheme,
  tlsConfig: tls,
  auth,
}: ScrapedEndpoint): Pick<Endpoint, "scheme" | "tlsConfig"> & Credentials {
  return {
    ...(scheme === "https" && { scheme }),
    ...(tls && {
      tlsConfig: {
        ...(tls.serverName !== undefined && { serverName: tls.serverName }),
        ...(tls.insecureSkipVerify && { insecureSkipVerify: true }),
        ...(tls.ca && { ca: { secret: { name: tls.ca.secret, key: tls.ca.key } } }),
      },
    }),
    ...(auth && credentialsOf(auth)),
  };
}

type Credentials = Pick<Endpoint, "authorization" | "basicAuth">;

function credentialsOf(auth: NonNullable<ScrapedEndpoint["auth"]>): Credentials {
  if (auth.kind === "bearer")
    return { authorization: { type: "Bearer", credentials: { name: auth.secret, key: auth.key } } };
  return {
    basicAuth: {
      username: { name: auth.secret, key: auth.usernameKey },
      password: { name: auth.secret, key: auth.passwordKey },
    },
  };
}
