import type { ServiceDefinition } from "../../../components/service/model.ts";
import { DEFINITION } from "./samples.ts";

/** A definition with one mistake, and the field that the message must point at. */
export interface WrongDefinition {
  /** What somebody did, as a row of docs/reference/mistakes.md says it. */
  readonly mistake: string;
  readonly definition: unknown;
  readonly path: string;
}

const changed = (changes: Readonly<Record<string, unknown>>): unknown => ({ ...DEFINITION, ...changes });
const without = (field: keyof ServiceDefinition): unknown => ({ ...DEFINITION, [field]: undefined });
const http = (changes: Readonly<Record<string, unknown>>): unknown =>
  changed({ http: { port: "http", metrics: "otel", ...changes } });
const custom = (name: string, objective: Readonly<Record<string, unknown>>): unknown =>
  changed({ http: undefined, objectives: { custom: { [name]: { percent: "99", ...objective } } } });

const ORDERS = { errors: "rate(orders_failed_total[{{.window}}])", total: "rate(orders_total[{{.window}}])" };

/** What service teams get wrong. */
export const WRONG_DEFINITIONS: readonly WrongDefinition[] = [
  {
    mistake: "a misspelt field",
    definition: changed({ ownr: "shop", owner: undefined }),
    path: "services.storefront.ownr",
  },
  { mistake: "no owner", definition: without("owner"), path: "services.storefront.owner" },
  { mistake: "no description", definition: without("description"), path: "services.storefront.description" },
  {
    mistake: "a name with capitals and a blank",
    definition: changed({ name: "Store Front" }),
    path: 'services["Store Front"].name',
  },
  {
    mistake: "a name that is too long",
    definition: changed({ name: "s".repeat(41) }),
    path: `services.${"s".repeat(41)}.name`,
  },
  {
    mistake: "a tier that does not exist",
    definition: changed({ tier: "crtical" }),
    path: "services.storefront.tier",
  },
  {
    mistake: "a namespace that Kubernetes refuses",
    definition: changed({ namespace: "shop_prod" }),
    path: "services.storefront.namespace",
  },
  {
    mistake: "a port's number instead of its name",
    definition: http({ port: 8080 }),
    path: "services.storefront.http.port",
  },
  {
    mistake: "a path without its slash",
    definition: http({ path: "metrics" }),
    path: "services.storefront.http.path",
  },
  {
    mistake: "a way of counting that does not exist",
    definition: http({ metrics: "statsd" }),
    path: "services.storefront.http.metrics",
  },
  {
    mistake: "nothing that is measured",
    definition: changed({ http: undefined, objectives: {} }),
    path: "services.storefront.http",
  },
  {
    mistake: "an objective as a number",
    definition: changed({ objectives: { availability: 99.9 } }),
    path: "services.storefront.objectives.availability",
  },
  {
    mistake: "an objective of all requests",
    definition: changed({ objectives: { availability: "100" } }),
    path: "services.storefront.objectives.availability",
  },
  {
    mistake: "an objective so low that no alert could fire",
    definition: changed({ objectives: { availability: "90" } }),
    path: "services.storefront.objectives.availability",
  },
  {
    mistake: "a period that budgets are not kept for",
    definition: changed({ objectives: { availability: { percent: "99.9", period: "31d" } } }),
    path: "services.storefront.objectives.availability.period",
  },
  {
    mistake: "a floor of less than nothing",
    definition: changed({ objectives: { availability: { percent: "99.9", minimumErrors: -1 } } }),
    path: "services.storefront.objectives.availability.minimumErrors",
  },
  {
    mistake: "an objective of a kind that does not exist",
    definition: changed({ objectives: { availabilty: "99.9" } }),
    path: "services.storefront.objectives.availabilty",
  },
  {
    mistake: "an objective for requests without a metric",
    definition: changed({ http: undefined, objectives: { availability: "99.9" } }),
    path: "services.storefront.objectives.availability",
  },
  {
    mistake: "an objective of one's own under a taken name",
    definition: changed({ objectives: { custom: { availability: { percent: "99", ...ORDERS } } } }),
    path: "services.storefront.objectives.custom.availability",
  },
  {
    mistake: "a query without room for a window",
    definition: custom("orders", { ...ORDERS, errors: "rate(orders_failed_total[5m])" }),
    path: "services.storefront.objectives.custom.orders.errors",
  },
  {
    mistake: "a query that is no PromQL",
    definition: custom("orders", { ...ORDERS, total: "rate(orders_total[{{.window}}]" }),
    path: "services.storefront.objectives.custom.orders.total",
  },
  {
    mistake: "an impossible objective in one environment",
    definition: changed({ environments: { dev: { objectives: { availability: "50" } } } }),
    path: "services.storefront.environments.dev.objectives.availability",
  },
  {
    mistake: "a list of environments to run in and one not to run in",
    definition: changed({ only: ["prod"], except: ["dev"] }),
    path: "services.storefront.except",
  },
  {
    mistake: "settings for an environment that the service does not run in",
    definition: changed({ only: ["prod"], environments: { dev: { objectives: { availability: "99" } } } }),
    path: "services.storefront.environments.dev",
  },
  {
    mistake: "a word instead of true or false",
    definition: changed({ environments: { dev: { enabled: "no" } } }),
    path: "services.storefront.environments.dev.enabled",
  },
];
