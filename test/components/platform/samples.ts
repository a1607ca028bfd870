import type { PlatformHandover } from "../../../components/platform/model.ts";

export const HANDOVER: PlatformHandover = {
  contract: 1,
  release: "0.1.0",
  environment: "prod",
  tier: "production",
  clusterName: "prod",
  monitoringNamespace: "monitoring",
  scrapeInterval: "30s",
  retention: "30d",
  runbookBaseUrl: "https://example.com/runbooks",
  grafana: {
    delivery: "config-maps",
    dataSource: { uid: "bellwether-prometheus-prod", name: "Prometheus (prod)", type: "prometheus" },
    folders: {
      platform: { uid: "bellwether-team-platform-prod", title: "Team platform (prod)" },
      shop: { uid: "bellwether-team-shop-prod", title: "Team shop (prod)" },
    },
  },
  teams: {
    platform: { critical: ["platform-pager"], warning: ["platform-chat"] },
    shop: { critical: ["shop-pager"], warning: ["shop-chat"] },
  },
  services: { storefront: "shop" },
};
