import { defineService, type Service, type ServiceDefinition } from "../../../components/service/model.ts";
import type { ServiceMonitoringArgs } from "../../../components/service/render.ts";

/** Definitions as teams have them, without the names. Services of one are alike. */
const FORMS: readonly Omit<ServiceDefinition, "name" | "namespace">[] = [
  {
    owner: "shop",
    tier: "critical",
    description: "The web shop that customers see",
    http: { port: "http", metrics: "http_requests_total" },
    objectives: { availability: "99.9" },
  },
  {
    owner: "shop",
    tier: "standard",
    description: "One of many services",
    http: { port: "http", metrics: "otel" },
    objectives: { latency: { threshold: "250ms", percent: "99" } },
  },
];

/** Names of many lengths; some are words of the rules, of the cases or of YAML, and some are parts of each other. */
const NAMES: readonly (readonly [name: string, namespace: string])[] = [
  ["checkout", "shop"],
  ["storefront", "shop"],
  ["payment-gateway-for-all-regions", "payments"],
  ["payment-gateway", "payments"],
  ["inventory", "inventory"],
  ["search", "search"],
  ["availability", "shop"],
  ["monitoring", "monitoring"],
  ["another", "shop-another"],
  ["prometheus", "shop"],
  ["service", "shop"],
  ["yes", "on"],
  ["kube-state-metrics", "kube-system"],
  ["a-name-longer-than-dashboards-have-rm", "shop"],
  ["e2e", "e2e"],
  ["orders", "team-7"],
  ["order", "team-7"],
  ["warning", "critical"],
];

/** Services of a few forms with many names, in turns. */
export function manyServices(): readonly Service[] {
  return NAMES.flatMap(([name, namespace]) =>
    FORMS.map((form, index) =>
      defineService({ ...form, name: index === 0 ? name : `${name}-${index}`, namespace }),
    ),
  );
}

export function argsOf(
  service: Service,
  environment = "prod",
): ServiceMonitoringArgs & { readonly namespace: string } {
  return {
    service,
    environment,
    runbookBaseUrl: "https://example.com/runbooks",
    scrapeInterval: "30s",
    namespace: "monitoring",
    monitoringNamespace: "monitoring",
    grafana: { url: "https://grafana.example.com", environment },
  };
}
