import { defineService } from "../../components/service/model.ts";

/** What the team `shop` runs. */
export const storefront = defineService({
  name: "storefront",
  owner: "shop",
  tier: "critical",
  description: "The web shop that customers see",
  namespace: "shop",
  http: { port: "http", metrics: "http_requests_total" },
  objectives: { availability: "99.9" },
  environments: { dev: { objectives: { availability: "99" } } },
});
