import { edit, PROD, type RepositoryChange } from "./change.ts";

/** Changes of the cluster, the network, Prometheus and what they store. */
export const CLUSTER_CHANGES: readonly RepositoryChange[] = [
  edit(
    "retention-longer",
    "prometheus: keep six weeks",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      retention: 45d\n"],
    /prometheus\.retention: 30d → 45d/,
  ),
  edit(
    "volume-larger",
    "prometheus: larger volumes",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      volume: 400Gi\n"],
    /prometheus\.volume: 200Gi → 400Gi/,
  ),
  edit(
    "retention-shorter",
    "prometheus: keep a week",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      retention: 7d\n"],
    /The environment prod: cannot be previewed/,
  ),
  edit(
    "volume-smaller",
    "prometheus: smaller volumes",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      volume: 150Gi\n"],
    /prometheus\.volume: 200Gi → 150Gi; existing volumes keep their size/,
  ),
  edit(
    "log-retention",
    "cluster: keep logs for a month",
    PROD,
    ['      version: "1.35"\n', '      version: "1.35"\n      logRetentionDays: 30\n'],
    /logRetentionDays: 90 → 30; AWS deletes/,
  ),
  edit(
    "network-cidr",
    "network: another block",
    PROD,
    ["10.40.0.0/16", "10.50.0.0/16"],
    /network\.cidr: 10\.40\.0\.0\/16 → 10\.50\.0\.0\/16|VPC/,
  ),
  edit(
    "network-nat",
    "network: one NAT gateway",
    PROD,
    ["      cidr: 10.40.0.0/16\n", "      cidr: 10.40.0.0/16\n      natGateways: single\n"],
    /The policy nat-per-zone: stops the deployment/,
  ),
  edit(
    "service-cidr",
    "cluster: other service addresses",
    PROD,
    ['      version: "1.35"\n', '      version: "1.35"\n      serviceCidr: 172.21.0.0/16\n'],
    /is replaced/,
  ),
  edit(
    "instance-type",
    "cluster: larger nodes",
    PROD,
    [
      '      version: "1.35"\n',
      '      version: "1.35"\n      nodeGroups: { general: { instanceTypes: [m7i.2xlarge], minPerZone: 1, maxPerZone: 4 } }\n',
    ],
    /instanceTypes/,
  ),
  edit(
    "kubernetes-version",
    "cluster: upgrade Kubernetes",
    PROD,
    ['version: "1.35"', 'version: "1.36"'],
    /cluster\.version: 1\.35 → 1\.36/,
  ),
  edit(
    "endpoint-public",
    "cluster: reach the API from the office",
    PROD,
    [
      '      version: "1.35"\n',
      '      version: "1.35"\n      endpoint: { access: public, allowedCidrs: [203.0.113.0/24] }\n',
    ],
    /endpoint/,
  ),
  edit(
    "deletion-protection",
    "cluster: allow deletion",
    PROD,
    ['      version: "1.35"\n', '      version: "1.35"\n      deletionProtection: false\n'],
    /deletionProtection: yes → no/,
  ),
  edit(
    "administrator-added",
    "cluster: one administrator more",
    PROD,
    [
      "        - arn:aws:iam::111122223333:role/platform-admin\n",
      "        - arn:aws:iam::111122223333:role/platform-admin\n        - arn:aws:iam::111122223333:role/developer\n",
    ],
    /administrators/,
  ),
  edit(
    "remote-write-off",
    "prometheus: no long-term storage",
    PROD,
    ["        kind: amp", "        kind: none"],
    /amp Workspace|remoteWrite/,
  ),
  edit(
    "replicas",
    "prometheus: three replicas",
    PROD,
    ["    prometheus:\n", "    prometheus:\n      replicas: 3\n"],
    /prometheus\.replicas: 2 → 3/,
  ),
];
