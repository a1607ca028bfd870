import type { ServiceDefinition } from "../../../components/service/model.ts";

export const DEFINITION: ServiceDefinition = {
  name: "storefront",
  owner: "shop",
  tier: "critical",
  description: "The web shop that customers see",
  namespace: "shop",
  http: { port: "http", metrics: "http_requests_total" },
  objectives: { availability: "99.9" },
};
