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
  teams: {
    platform: { critical: ["platform-pager"], warning: ["platform-chat"] },
    shop: { critical: ["shop-pager"], warning: ["shop-chat"] },
  },
  services: { storefront: "shop" },
};
