import type { ServiceDefinition } from "../../../../components/service/model.ts";
import { DEFINITION } from "../samples.ts";

type Alerts = NonNullable<ServiceDefinition["alerts"]>;

/** Orders that wait, per queue. */
export const ORDERS_WAIT: Alerts[string] = {
  expr: 'max by (queue) (orders_oldest_seconds{job="storefront"}) > 600',
  for: "5m",
  severity: "critical",
  summary: "Orders in the queue {{ $labels.queue }} wait for {{ $value | humanizeDuration }}",
  description: "Customers get no confirmation. Look at the consumer of {{ $labels.queue }} first.",
  examples: {
    fires: [
      {
        when: "the consumer of one of two queues hangs",
        series: {
          'orders_oldest_seconds{job="storefront",queue="cards",pod="a"}': [
            { for: "20m", value: 5 },
            { value: 720 },
          ],
          'orders_oldest_seconds{job="storefront",queue="invoices",pod="a"}': 5,
        },
        holdsFrom: "20m",
        alerts: [{ labels: { queue: "cards" }, value: "12m 0s" }],
      },
      {
        when: "orders have waited for long, until they are taken",
        series: {
          'orders_oldest_seconds{job="storefront",queue="cards",pod="a"}': [
            { for: "30m", value: 720 },
            { value: 3 },
          ],
        },
        alerts: [{ labels: { queue: "cards" }, value: "12m 0s" }],
        stops: { after: "20m", by: "33m" },
      },
    ],
    silent: [
      {
        when: "orders wait for less than the limit",
        series: { 'orders_oldest_seconds{job="storefront",queue="cards",pod="a"}': 599 },
      },
      {
        when: "they wait for a moment",
        series: {
          'orders_oldest_seconds{job="storefront",queue="cards",pod="a"}': [
            { for: "10m", value: 5 },
            { for: "4m", value: 900 },
            { value: 5 },
          ],
        },
      },
    ],
  },
};

/** A counter that stands still. */
export const NO_ORDERS: Alerts[string] = {
  expr: '(sum(rate(orders_placed_total{job="storefront"}[10m])) or vector(0)) == 0',
  for: "10m",
  keepFiringFor: "5m",
  severity: "warning",
  summary: "storefront takes no order",
  labels: { component: "checkout" },
  examples: {
    fires: [
      {
        when: "the last order was long ago",
        series: {
          'orders_placed_total{job="storefront",pod="a"}': [{ for: "30m", perSecond: 0.5 }, { perSecond: 0 }],
        },
        holdsFrom: "40m",
      },
      { when: "nothing counts orders", series: { 'up{job="storefront",pod="a"}': 1 } },
    ],
    silent: [
      {
        when: "orders come, also after a restart",
        series: {
          'orders_placed_total{job="storefront",pod="a"}': [
            { for: "20m", perSecond: 0.5 },
            { for: "2m", value: "none" },
            { for: "1s", value: 0 },
            { perSecond: 0.5 },
          ],
        },
      },
    ],
  },
};

/** The same without examples. */
export const UNPROVEN_ALERT: Alerts[string] = {
  expr: 'storefront_pool_free{job="storefront"} < 1',
  for: "10m",
  severity: "warning",
  summary: "storefront has no free connection to its database",
};

export const WITH_ALERTS: ServiceDefinition = {
  ...DEFINITION,
  alerts: { OrdersWait: ORDERS_WAIT, NoOrders: NO_ORDERS, PoolEmpty: UNPROVEN_ALERT },
  environments: {
    dev: { alerts: { OrdersWait: "off", PoolEmpty: { ...UNPROVEN_ALERT, severity: "info" } } },
  },
};
