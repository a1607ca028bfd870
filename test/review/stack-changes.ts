import { added, edit, PROD, type RepositoryChange, STAGING } from "./change.ts";

function override(alert: string, setting: string): readonly [string, string] {
  return added(`    alerts:\n      overrides:\n        ${alert}: { ${setting} }\n`);
}

/** Changes of the file of an environment: alerts, routes and who may do what. */
export const STACK_CHANGES: readonly RepositoryChange[] = [
  edit(
    "alert-threshold",
    "alerts: page for fewer nodes",
    PROD,
    override("KubeNodesNotReady", "threshold: 0.5"),
    /KubeNodesNotReady: threshold > 0\.2 → > 0\.5/,
  ),
  edit(
    "alert-for",
    "alerts: wait longer for nodes",
    PROD,
    override("KubeNodeNotReady", "for: 45m"),
    /KubeNodeNotReady: for \S+ → 45m/,
  ),
  edit(
    "alert-severity-lowered",
    "alerts: nodes can wait",
    PROD,
    override("KubeNodesNotReady", "severity: warning"),
    /KubeNodesNotReady: does not page any more: severity critical → warning/,
  ),
  edit(
    "alert-severity-raised",
    "alerts: page for a node",
    PROD,
    override("KubeNodeNotReady", "severity: critical"),
    /KubeNodeNotReady/,
  ),
  edit(
    "alert-disabled",
    "alerts: disable lost nodes",
    PROD,
    override("KubeNodesNotReady", "enabled: false"),
    /KubeNodesNotReady: is removed: critical, sent to platform-pager/,
  ),
  edit(
    "alert-made-info",
    "alerts: nobody needs to know of nodes",
    PROD,
    override("KubeNodesNotReady", "severity: info"),
    /pages? no receiver any more/,
  ),
  edit(
    "route-warning-to-pager",
    "route: page for warnings, too",
    PROD,
    ["warning: [shop-chat]", "warning: [shop-chat, shop-pager]"],
    /warning alerts? of the team shop/,
  ),
  edit(
    "route-channel",
    "route: another channel",
    PROD,
    ['channel: "#shop-alerts"', 'channel: "#shop-oncall"'],
    /#shop-oncall/,
  ),
  edit(
    "route-second-receiver",
    "route: pages in chat besides",
    PROD,
    ["critical: [platform-pager]", "critical: [platform-pager, platform-chat]"],
    /critical alerts? of the team platform/,
  ),
  {
    name: "receiver-removed",
    subject: "route: the shop has no pager any more",
    edits: [
      {
        file: PROD,
        from: "        shop-pager:\n          type: pagerduty\n          routingKeySecret: shopPagerdutyKey\n",
        to: "",
      },
      { file: PROD, from: "critical: [shop-pager]", to: "critical: [shop-chat]" },
    ],
    environments: ["prod"],
    headline: /critical alerts? of the team shop.*page shop-chat .* instead of shop-pager/,
  },
  edit(
    "route-fallback",
    "route: unrouted alerts go to another address",
    PROD,
    ["to: [oncall@example.com]", "to: [platform@example.com]"],
    /platform@example\.com/,
  ),
  edit(
    "heartbeat-interval",
    "route: fewer heartbeats",
    PROD,
    ["receiver: dead-mans-switch\n", "receiver: dead-mans-switch\n        interval: 5m\n"],
    /heartbeat\.interval: 1m → 5m/,
  ),
  edit(
    "secret-renamed",
    "route: another secret",
    PROD,
    ["shopPagerdutyKey", "shopPagerKey"],
    /routingKeySecret: shopPagerdutyKey → shopPagerKey/,
  ),
  edit(
    "tier-changed",
    "staging: hold it to what production is held to",
    STAGING,
    ["tier: staging", "tier: production"],
    /The policy page-receivers: stops the deployment: \d+ findings/,
    ["staging"],
  ),
  edit(
    "runbooks-moved",
    "alerts: publish runbooks elsewhere",
    PROD,
    added("    alerts:\n      runbookBaseUrl: https://runbooks.example.com\n"),
    /runbookBaseUrl/,
  ),
  edit(
    "grafana-url",
    "grafana: another URL",
    PROD,
    ["url: https://grafana.example.com", "url: https://dashboards.example.com"],
    /grafanaUrl|grafana\.url/,
  ),
  edit(
    "mistake",
    "route: a receiver that does not exist",
    PROD,
    ["critical: [shop-pager]", "critical: [shop-pagr]"],
    /prod: cannot be previewed/,
  ),
  {
    name: "environment-added",
    subject: "stacks: add qa",
    edits: [],
    copies: [
      {
        from: STAGING,
        to: "stacks/Pulumi.qa.yaml",
        replaced: [
          ["name: staging", "name: qa"],
          ["10.41.0.0/16", "10.43.0.0/16"],
          ["grafana.staging.", "grafana.qa."],
        ],
      },
    ],
    environments: ["qa"],
    headline: /The environment qa: is new \(staging, account 222233334444, eu-central-1\)/,
  },
  {
    name: "environment-removed",
    subject: "stacks: dev goes",
    edits: [],
    deletes: ["stacks/Pulumi.dev.yaml"],
    environments: ["dev"],
    headline: /The environment dev: has no file any more/,
  },
  {
    name: "team-renamed",
    subject: "route: shop is called store",
    edits: [
      { file: PROD, from: "        shop:\n          critical", to: "        store:\n          critical" },
      { file: PROD, from: "        shop: {}", to: "        store: {}" },
      { file: STAGING, from: "        shop:\n          critical", to: "        store:\n          critical" },
      {
        file: "stacks/Pulumi.dev.yaml",
        from: "        shop:\n          critical",
        to: "        store:\n          critical",
      },
      {
        file: "stacks/Pulumi.local.yaml",
        from: "        shop:\n          critical",
        to: "        store:\n          critical",
      },
      ...Array.from({ length: 5 }, () => ({
        file: "stacks/services/shop.ts",
        from: 'owner: "shop"',
        to: 'owner: "store"',
      })),
    ],
    environments: ["prod"],
    headline: /The team shop: is called store now/,
  },
  edit(
    "no-op-comment",
    "stacks: explain the pager",
    PROD,
    ["        shop-pager:\n", "        # Who is on call for the shop.\n        shop-pager:\n"],
    "no change",
  ),
  edit(
    "no-op-format",
    "stacks: write lists in lines",
    PROD,
    [
      "zones: [eu-central-1a, eu-central-1b, eu-central-1c]",
      "zones:\n        - eu-central-1a\n        - eu-central-1b\n        - eu-central-1c",
    ],
    "no change",
  ),
  edit(
    "no-op-order",
    "stacks: sort teams",
    PROD,
    [
      "        platform:\n          critical: [platform-pager]\n          warning: [platform-chat]\n        shop:\n          critical: [shop-pager]\n          warning: [shop-chat]\n",
      "        shop:\n          warning: [shop-chat]\n          critical: [shop-pager]\n        platform:\n          critical: [platform-pager]\n          warning: [platform-chat]\n",
    ],
    "no change",
  ),
  edit(
    "no-op-default",
    "stacks: state a default",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      retention: 30d\n"],
    "no change",
  ),
];
