import { httpAvailability, httpExamples } from "../../../components/signals/http.ts";
import type { Slo } from "../../../components/slo/model.ts";

export const TARGET = { job: "storefront", namespace: "shop" };

/** An SLO as most are: 99.9% over 30 days, of an HTTP service. */
export const SLO: Slo = {
  service: "storefront",
  team: "shop",
  name: "availability",
  objective: "99.9",
  period: "30d",
  minimumErrors: 5,
  signal: httpAvailability("http_requests_total", TARGET),
};

export const LINKS = { runbookBaseUrl: "https://example.com/runbooks" };

export const CONTEXT = {
  ...LINKS,
  scrapeInterval: "30s",
  examples: httpExamples("http_requests_total", { ...TARGET, service: "storefront", team: "shop", pod: "a" }),
} as const;
