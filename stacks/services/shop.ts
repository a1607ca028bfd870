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

export const pricing = defineService({
  name: "pricing",
  owner: "shop",
  tier: "critical",
  description: "Returns the price of each product to the storefront",
  namespace: "shop",
  grpc: { port: "metrics", metrics: "otel", histogram: "native" },
  objectives: { availability: "99.95", latency: { threshold: "50ms" } },
  only: ["prod", "staging"],
});

export const invoices = defineService({
  name: "invoices",
  owner: "shop",
  tier: "standard",
  description: "Writes an invoice for each order that comes through the queue",
  namespace: "shop",
  worker: { port: "metrics", metrics: "otel", oldestMessage: "queue_oldest_message_age_seconds" },
  objectives: { freshness: { maxAge: "15m" } },
  only: ["prod"],
});

export const salesReport = defineService({
  name: "sales-report",
  owner: "shop",
  tier: "best-effort",
  description: "Adds up the day's sales, every night at two",
  namespace: "shop",
  batch: { cronJob: "sales-report" },
  objectives: { freshness: { maxAge: "26h" } },
  only: ["prod"],
});

export const helpPages = defineService({
  name: "help-pages",
  owner: "shop",
  tier: "standard",
  description: "The static site that answers customers' questions",
  namespace: "shop",
  probe: { targets: ["https://help.example.com/", "https://help.example.com/returns"] },
  only: ["prod"],
});
