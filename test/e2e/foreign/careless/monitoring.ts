import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";

const GROUP = "monitoring.coreos.com/v1";

export function monitoring(opts: CustomResourceOptions): void {
  const metadata = { name: "shop", namespace: "shop" };
  new k8s.apiextensions.CustomResource(
    "shop-monitor",
    {
      apiVersion: GROUP,
      kind: "ServiceMonitor",
      metadata,
      spec: {
        selector: { matchLabels: { app: "bookshop" } },
        endpoints: [{ port: "metrics", interval: "10m", params: { token: ["bookworm-1984"] } }],
      },
    },
    opts,
  );
  new k8s.apiextensions.CustomResource(
    "shop-rules",
    {
      apiVersion: GROUP,
      kind: "PrometheusRule",
      metadata,
      spec: {
        groups: [
          {
            name: "shop",
            interval: "10m",
            rules: [
              {
                alert: "ShopTakesNoOrders",
                expr: "rate(shop_orders[5m] == 0",
                labels: { severity: "urgent" },
              },
              {
                alert: "ShopHasFewBooks",
                expr: "shop_books < 10",
                labels: { severity: "warning", team: "catalogue" },
                annotations: {
                  summary: "The bookshop has few books",
                  description:
                    "The bookshop has {{ $value }} books, fewer than 10, in {{ $labels.shelf_name }}.",
                  runbook_url: "https://runbooks.example.com/ShopHasFewBooks",
                },
              },
              {
                alert: "ShopIsSlow",
                expr: "histogram_quantile(0.99, sum(rate(shop_request_duration_seconds_bucket[5m]))) > 1",
                for: "2h",
                labels: { severity: "critical" },
                annotations: { summary: "The bookshop is slow" },
              },
            ],
          },
        ],
      },
    },
    opts,
  );
}

/** An Alertmanager beside the release's, with a configuration that somebody copied. */
export function configuration(opts: CustomResourceOptions): void {
  new k8s.core.v1.Secret(
    "alertmanager-books",
    {
      metadata: { name: "alertmanager-books", namespace: "shop" },
      stringData: {
        "alertmanager.yaml": JSON.stringify({
          route: { receiver: "nobody", group_wait: "10m", repeat_interval: "168h" },
          receivers: [
            { name: "nobody" },
            { name: "chat", slack_configs: [{ api_url: "https://hooks.slack.com/services/T0/B0/bookworm" }] },
          ],
          inhibit_rules: [{ source_matchers: ["severity=warning"], target_matchers: ["severity=critical"] }],
        }),
      },
    },
    opts,
  );
  new k8s.apiextensions.CustomResource(
    "books",
    {
      apiVersion: GROUP,
      kind: "Alertmanager",
      metadata: { name: "books", namespace: "shop" },
      spec: { replicas: 1 },
    },
    opts,
  );
}
