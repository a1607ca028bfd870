import { changed, replacedBy, without } from "./fields.ts";
import { samples } from "./samples.ts";

type Path = readonly (string | number)[];

/** Values of several fields, each right by itself, that do not agree. */
export interface Disagreement {
  /** The rule of stacks/rules.ts that must catch it. */
  readonly rule: string;
  readonly says: string;
  /** The sample that is changed. */
  readonly sample: string;
  readonly changes: readonly (readonly [path: Path, value: unknown])[];
  /** Where the problem must stand. */
  readonly at: string;
}

const zones = ["network", "zones"];
const subnets = ["network", "subnets"];
const group = ["cluster", "nodeGroups", "general"];
const receivers = ["alertmanager", "receivers"];

function one(
  rule: string,
  says: string,
  sample: string,
  path: Path,
  value: unknown,
  at = path.join("."),
): Disagreement {
  return { rule, says, sample, changes: [[path, value]], at: `environment.${at}` };
}

/** Every rule between fields, broken once and by nothing else. */
export const DISAGREEMENTS: readonly Disagreement[] = [
  one("name-is-the-stacks", "a name that is not the stack's", "prod", ["name"], "production"),
  one("eks-needs-aws-and-network", "an EKS cluster without an account", "dev", ["aws"], undefined),
  one("eks-needs-aws-and-network", "an account for a cluster that exists", "local", ["aws"], {
    accountId: "111122223333",
    region: "eu-central-1",
  }),
  one(
    "managed-grafana-has-its-place",
    "a Grafana of Amazon's without an account",
    "federated",
    ["aws"],
    undefined,
  ),
  one(
    "managed-grafana-has-its-place",
    "a Grafana inside a VPC that there is not",
    "federated",
    ["grafana", "insideVpc"],
    true,
  ),
  one(
    "samples-are-sent-from-eks",
    "samples sent on from a cluster of somebody else's",
    "federated",
    ["prometheus", "remoteWrite"],
    { kind: "amp" },
    "prometheus.remoteWrite.kind",
  ),
  one(
    "dashboards-have-their-samples",
    "dashboards over a store of records alone",
    "stored",
    ["prometheus", "remoteWrite", "series"],
    "recorded",
    "grafana.prometheusUrl",
  ),
  one(
    "dashboards-have-their-samples",
    "dashboards over no store at all",
    "federated",
    ["grafana", "prometheusUrl"],
    undefined,
    "grafana.prometheusUrl",
  ),
  one(
    "grafana",
    "a Grafana of Amazon's that lets in nobody",
    "workspace",
    ["grafana", "networkAccess"],
    {},
    "grafana.networkAccess",
  ),
  one(
    "grafana",
    "a group with two roles",
    "workspace",
    ["grafana", "signIn", "viewers", 0],
    "83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e",
    "grafana.signIn.viewers[0]",
  ),
  one(
    "grafana",
    "a URL that AWS gives nobody",
    "workspace",
    ["grafana", "url"],
    "https://grafana.example.com",
  ),
  one(
    "grafana",
    "one URL for Prometheus and Alertmanager of Amazon's Grafana",
    "workspace",
    ["grafana", "alertmanagerUrl"],
    "https://prometheus.prod.example.com",
  ),
  {
    rule: "zones-lie-in-the-region",
    says: "zones of another region",
    sample: "prod",
    changes: [[["aws", "region"], "eu-west-1"]],
    at: "environment.network.zones[0]",
  },
  one(
    "grafana-alerts-have-receivers",
    "alerts of AWS from a cluster that exists",
    "local",
    ["grafana", "alerting"],
    { cloudWatch: { kind: "pod-identity" } },
    "grafana.alerting.cloudWatch",
  ),
  one(
    "grafana-alerts-have-receivers",
    "alerts of AWS from a workspace that may not read CloudWatch",
    "workspace",
    ["grafana", "cloudWatch"],
    false,
    "grafana.alerting.cloudWatch",
  ),
  one(
    "grafana-alerts-have-receivers",
    "a Grafana without a mail server for receivers that are mail alone",
    "staging",
    [...receivers, "platform-chat"],
    {
      type: "email",
      to: ["oncall@example.com"],
      from: "alertmanager@example.com",
      smarthost: "smtp.example.com:587",
    },
    "alertmanager.teams.platform.critical",
  ),
  one(
    "service-addresses-are-apart",
    "Service addresses inside the VPC",
    "prod",
    ["cluster", "serviceCidr"],
    "10.40.0.0/20",
  ),
  one(
    "grafana-teams-are-teams",
    "a folder for a team that there is not",
    "prod",
    ["grafana", "teams"],
    { shp: {} },
    "grafana.teams.shp",
  ),
  one(
    "grafana",
    "groups of a Grafana that takes none",
    "everything",
    ["grafana", "edition"],
    "oss",
    "grafana.teams.shop.groups",
  ),
  one(
    "grafana",
    "an account that is the program's own",
    "workspace",
    ["grafana", "serviceAccounts"],
    { bellwether: { role: "viewer" } },
    "grafana.serviceAccounts.bellwether",
  ),
  one("owner-is-a-team", "an owner that is no team", "prod", ["owner"], "platfrm"),
  one(
    "secret-names-are-free",
    "a secret named like the environment",
    "local",
    ["grafana", "adminPasswordSecret"],
    "environment",
  ),

  one("network", "a VPC that is too small", "prod", ["network", "cidr"], "10.40.0.0/24"),
  one("network", "a VPC that is too large for AWS", "prod", ["network", "cidr"], "10.0.0.0/8"),
  one("network", "a VPC of public addresses", "prod", ["network", "cidr"], "8.8.0.0/16"),
  one(
    "network",
    "a zone twice",
    "prod",
    zones,
    ["eu-central-1a", "eu-central-1b", "eu-central-1a"],
    "network.zones[2]",
  ),
  one(
    "network",
    "fewer subnets than zones",
    "everything",
    [...subnets, "private"],
    ["10.40.0.0/19", "10.40.32.0/19"],
  ),
  one(
    "network",
    "a subnet outside the VPC",
    "everything",
    [...subnets, "public", 0],
    "10.41.0.0/24",
    "network.subnets.public[0]",
  ),
  one(
    "network",
    "subnets that overlap",
    "everything",
    [...subnets, "private", 1],
    "10.40.0.0/19",
    "network.subnets.private[1]",
  ),
  one(
    "network",
    "a private subnet that is too small",
    "everything",
    [...subnets, "private", 2],
    "10.40.64.0/28",
    "network.subnets.private[2]",
  ),

  one("cluster", "a Kubernetes version that EKS never had", "prod", ["cluster", "version"], "1.99"),
  one("cluster", "a Kubernetes version whose support has ended", "prod", ["cluster", "version"], "1.32"),
  one(
    "cluster",
    "a public endpoint for the whole internet",
    "dev",
    ["cluster", "endpoint", "allowedCidrs", 0],
    "0.0.0.0/0",
    "cluster.endpoint.allowedCidrs[0]",
  ),
  one(
    "cluster",
    "a public endpoint for private callers",
    "dev",
    ["cluster", "endpoint", "allowedCidrs", 0],
    "10.0.0.0/16",
    "cluster.endpoint.allowedCidrs[0]",
  ),
  one("cluster", "Service addresses that are too few", "prod", ["cluster", "serviceCidr"], "172.20.0.0/28"),
  one(
    "cluster",
    "days of retention that CloudWatch does not have",
    "prod",
    ["cluster", "logRetentionDays"],
    42,
  ),
  one("cluster", "fewer nodes at most than at least", "everything", [...group, "minPerZone"], 9),
  one("cluster", "no node at all", "everything", [...group, "minPerZone"], 0, "cluster.nodeGroups"),
  one(
    "cluster",
    "instances of another architecture",
    "everything",
    [...group, "architecture"],
    "amd64",
    "cluster.nodeGroups.general.instanceTypes[0]",
  ),
  one("cluster", "a disk that the image does not fit", "everything", [...group, "diskSize"], "5Gi"),
  one("cluster", "an image of another version", "everything", [...group, "imageRelease"], "1.34.1-20260818"),
  one("cluster", "a log twice", "prod", ["cluster", "logs"], ["audit", "audit"], "cluster.logs[1]"),
  one("cluster", "a kubeconfig with a relative path", "local", ["cluster", "kubeconfig"], "kubeconfig"),

  one("prometheus", "a retention that does not fit the volume", "prod", ["prometheus", "retention"], "400d"),
  one(
    "prometheus",
    "less memory than the series need",
    "prod",
    ["prometheus", "resources", "memory"],
    "512Mi",
  ),
  one("prometheus", "more replicas than zones", "prod", ["prometheus", "replicas"], 4),
  one(
    "prometheus",
    "an ingress from every address",
    "elsewhere",
    ["prometheus", "ingress", "blocks", 0],
    "0.0.0.0/0",
    "prometheus.ingress.blocks[0]",
  ),

  one("alertmanager", "more members than zones", "prod", ["alertmanager", "replicas"], 5),
  one(
    "alertmanager",
    "a team's receiver that is not defined",
    "prod",
    ["alertmanager", "teams", "shop", "critical", 0],
    "shop-pagr",
    "alertmanager.teams.shop.critical[0]",
  ),
  one("alertmanager", "a fallback that is not defined", "prod", ["alertmanager", "fallback"], "nobody"),
  one("alertmanager", "a receiver that nothing leads to", "prod", [...receivers, "spare"], {
    type: "webhook",
    urlSecret: "spareUrl",
  }),
  one(
    "alertmanager",
    "a receiver twice",
    "prod",
    ["alertmanager", "teams", "shop", "warning"],
    ["shop-chat", "shop-chat"],
    "alertmanager.teams.shop.warning[1]",
  ),
  one(
    "alertmanager",
    "a heartbeat to a person",
    "prod",
    ["alertmanager", "heartbeat", "receiver"],
    "safety-net",
  ),
  one(
    "alertmanager",
    "a mail login without a password",
    "prod",
    [...receivers, "safety-net", "passwordSecret"],
    undefined,
  ),

  one(
    "alerts",
    "a change of an alert that does not exist",
    "prod",
    ["alerts", "overrides", "KubeNodeNotRedy"],
    { for: "10m" },
  ),
  one(
    "alerts",
    "a limit out of an alert's bounds",
    "prod",
    ["alerts", "overrides", "NodeCpuSaturated"],
    { threshold: 90 },
    "alerts.overrides.NodeCpuSaturated.threshold",
  ),
  one("alerts", "a change of the Watchdog", "prod", ["alerts", "overrides", "Watchdog"], { for: "10m" }),
  one(
    "alerts",
    "an alert on metrics that the cluster has not",
    "local",
    ["alerts", "overrides", "KubeSchedulerFailing"],
    { for: "10m" },
  ),

  one(
    "grafana",
    "one URL for two things",
    "prod",
    ["grafana", "prometheusUrl"],
    "https://grafana.example.com",
  ),
  one("grafana", "a database that is too small", "staging", ["grafana", "volume"], "10Mi"),
];

/** The changed sample, with `undefined` as the absence of a field. */
export function disagreeing({ sample, changes }: Disagreement): unknown {
  return changes.reduce<unknown>(
    (tree, [path, value]) => changed(tree, path, value === undefined ? without : replacedBy(value)),
    samples()[sample],
  );
}
