import { edit, PROD, type RepositoryChange, SHOP } from "./change.ts";

const NODES = "components/signals/node-signals.ts";
const NODE_ALERTS = "components/alerts/catalogue/nodes.ts";

const PLATFORM = "infra/platform.ts";
const THROWS = 'throw new Error("no platform today");\n';

/** Changes of services, alerts, dashboards, defaults, versions and waivers: what is TypeScript. */
export const CODE_CHANGES: readonly RepositoryChange[] = [
  edit(
    "objective-looser",
    "shop: allow more errors",
    SHOP,
    ['objectives: { availability: "99.9" }', 'objectives: { availability: "99.5" }'],
    /objective availability of storefront: 99\.9% .*→ 99\.5%/,
  ),
  edit(
    "objective-added",
    "shop: storefront answers in time",
    SHOP,
    [
      'objectives: { availability: "99.9" },',
      'objectives: { availability: "99.9", latency: { threshold: "500ms" } },',
    ],
    /objective latency of storefront: is new: 99% over 30d/,
  ),
  edit(
    "objective-removed",
    "shop: no limit for prices",
    SHOP,
    ['{ availability: "99.95", latency: { threshold: "50ms" } }', '{ availability: "99.95" }'],
    /objective latency of pricing: is removed/,
  ),
  edit(
    "latency-limit",
    "shop: prices may take longer",
    SHOP,
    ['threshold: "50ms"', 'threshold: "100ms"'],
    /objective latency of pricing: limit 50ms → 100ms/,
  ),
  {
    name: "service-renamed",
    subject: "shop: pricing is called prices",
    edits: [{ file: SHOP, from: 'name: "pricing"', to: 'name: "prices"' }],
    environments: ["prod"],
    headline: /The service pricing: is called prices now: its series start anew/,
  },
  {
    name: "service-removed",
    subject: "shop: the help pages go",
    edits: [
      {
        file: "stacks/services/index.ts",
        from: "import { helpPages, invoices,",
        to: "import { invoices,",
      },
      { file: "stacks/services/index.ts", from: "salesReport, helpPages]", to: "salesReport]" },
    ],
    environments: ["prod"],
    headline: /The service help-pages: is no longer watched/,
  },
  {
    name: "service-added",
    subject: "shop: watch the basket",
    edits: [
      {
        file: SHOP,
        from: "export const pricing =",
        to: 'export const basket = defineService({\n  name: "basket",\n  owner: "shop",\n  tier: "standard",\n  description: "Keeps what a customer wants to buy",\n  namespace: "shop",\n  http: { port: "http", metrics: "otel" },\n});\n\nexport const pricing =',
      },
      { file: "stacks/services/index.ts", from: "import { helpPages", to: "import { basket, helpPages" },
      { file: "stacks/services/index.ts", from: "[storefront,", to: "[storefront, basket," },
    ],
    environments: ["prod"],
    headline: /The service basket: is new: availability/,
  },
  edit(
    "dashboard-unit",
    "signals: load as a share",
    NODES,
    [
      'title: "Load average (5 min) per core",\n    unit: "short"',
      'title: "Load average (5 min) per core",\n    unit: "percentunit"',
    ],
    /The panel Load average \(5 min\) per core of the dashboard Nodes: unit short → percentunit/,
  ),
  edit(
    "panel-query",
    "signals: count the idle time alone",
    NODES,
    ['mode=~"idle|iowait"}', 'mode="idle"}'],
    /The panel CPU usage of the dashboard Nodes|NodeCpu/,
  ),
  edit(
    "alert-text",
    "alerts: say it more plainly",
    NODE_ALERTS,
    ["Many nodes are not ready at the same time", "A large part of the nodes is not ready"],
    /KubeNodesNotReady: has another summary/,
  ),
  edit(
    "default-changed",
    "tiers: keep samples for three weeks",
    "stacks/tiers.ts",
    ['retention: "30d",\n  volume: "200Gi"', 'retention: "21d",\n  volume: "200Gi"'],
    /The environments? prod.*cannot be previewed/,
    ["prod", "staging"],
  ),
  edit(
    "version-raised",
    "versions: Alertmanager 0.35.1",
    "components/core/versions.ts",
    ['alertmanager: "0.35.0"', 'alertmanager: "0.35.1"'],
    /The version of alertmanager: 0\.35\.0 → 0\.35\.1; Kubernetes restarts its pods/,
  ),
  {
    name: "policy-waived",
    subject: "policies: allow the deletion of production until April",
    edits: [
      {
        file: PROD,
        from: '      version: "1.35"\n',
        to: '      version: "1.35"\n      deletionProtection: false\n',
      },
      {
        file: "stacks/waivers.yaml",
        from: "waivers: []",
        to: "waivers:\n  - policy: deletion-protection\n    resource: cluster\n    environments: [prod]\n    owner: platform\n    reason: The cluster moves to another account in March.\n    expires: 2026-12-05",
      },
    ],
    environments: ["prod"],
    headline: /deletionProtection: yes → no; EKS accepts requests to delete the cluster from now on/,
  },
  {
    name: "program-throws",
    subject: "infra: a defect",
    edits: [
      {
        file: PLATFORM,
        from: "export function deployPlatform(",
        to: `${THROWS}export function deployPlatform(`,
      },
    ],
    environments: ["prod"],
    headline: /The environment prod: cannot be previewed/,
  },
  {
    name: "base-throws",
    subject: "infra: mend a defect",
    baseEdits: [
      {
        file: PLATFORM,
        from: "export function deployPlatform(",
        to: `${THROWS}export function deployPlatform(`,
      },
    ],
    edits: [{ file: PLATFORM, from: THROWS, to: "" }],
    environments: ["prod"],
    headline: /prod could not be compared/,
  },
  edit(
    "syntax-error",
    "shop: a comma is missing",
    SHOP,
    ['  name: "storefront",\n  owner', '  name: "storefront"\n  owner'],
    /The environment prod: cannot be previewed/,
  ),
  {
    name: "no-op-refactoring",
    subject: "shop: name the team once, sort the services",
    edits: [
      {
        file: SHOP,
        from: "/** What the team `shop` runs. */\n",
        to: 'const owner = "shop";\n\n/** What the team `shop` runs. */\n',
      },
      ...Array.from({ length: 5 }, () => ({ file: SHOP, from: 'owner: "shop",', to: "owner," })),
      {
        file: "stacks/services/index.ts",
        from: "[storefront, pricing, invoices, salesReport, helpPages]",
        to: "[helpPages, invoices, pricing, salesReport, storefront]",
      },
    ],
    environments: ["prod"],
    headline: "no change",
  },
  edit(
    "no-op-query-layout",
    "signals: lay a query out anew",
    NODES,
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code.
      "`1 - max by (node) (node_memory_MemAvailable_bytes{${NODE}}) / max by (node) (node_memory_MemTotal_bytes{${NODE}})`",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code.
      "`1 -\\n  max by(node) ( node_memory_MemAvailable_bytes{ ${NODE} } )\\n    / max(node_memory_MemTotal_bytes{${NODE}}) by (node)`",
    ],
    "no change",
  ),
];
