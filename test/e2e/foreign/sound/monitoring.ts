import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { LABELS, meta, SHOP } from "./metadata.ts";

/** What the Prometheus of the release picks up. */
export function monitoring(opts: CustomResourceOptions): void {
  const labels = { ...LABELS, release: "kps" };
  new k8s.apiextensions.CustomResource(
    "shop-monitor",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { ...meta("shop"), labels },
      spec: {
        selector: { matchLabels: SHOP },
        endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
      },
    },
    opts,
  );
  new k8s.apiextensions.CustomResource(
    "shop-rules",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { ...meta("shop"), labels },
      spec: {
        groups: [
          {
            name: "shop",
            rules: [
              {
                record: "namespace:shop_orders:rate5m",
                expr: "sum by (namespace) (rate(shop_orders_total[5m]))",
              },
              {
                alert: "ShopTakesNoOrders",
                expr: 'namespace:shop_orders:rate5m{namespace="shop"} == 0',
                for: "10m",
                labels: { severity: "critical", team: "catalogue" },
                annotations: {
                  summary: "The bookshop takes no orders",
                  description: "No order was taken for 10 minutes in {{ $labels.namespace }}.",
                  runbook_url: "https://runbooks.example.com/ShopTakesNoOrders",
                },
              },
            ],
          },
        ],
      },
    },
    opts,
  );
}

/** Two kinds of the bookshop's own: of a namespace, and of the cluster. */
export function customResources(opts: CustomResourceOptions): void {
  const kinds = [
    { kind: "Shelf", plural: "shelves", scope: "Namespaced" },
    { kind: "Publisher", plural: "publishers", scope: "Cluster" },
  ];
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    },
  };
  const definitions = kinds.map(
    ({ kind, plural, scope }) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(
        plural,
        {
          metadata: { name: `${plural}.books.example.com`, labels: LABELS },
          spec: {
            group: "books.example.com",
            names: { kind, plural },
            scope,
            versions: [{ name: "v1", served: true, storage: true, schema }],
          },
        },
        opts,
      ),
  );
  const after = { ...opts, dependsOn: definitions };
  const apiVersion = "books.example.com/v1";
  new k8s.apiextensions.CustomResource(
    "poetry",
    { apiVersion, kind: "Shelf", metadata: meta("poetry"), spec: { books: 120 } },
    after,
  );
  new k8s.apiextensions.CustomResource(
    "small-press",
    {
      apiVersion,
      kind: "Publisher",
      metadata: { name: "small-press", labels: LABELS },
      spec: { country: "IE" },
    },
    after,
  );
}
