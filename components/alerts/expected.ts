/** What people who run Kubernetes expect of a catalogue of alerts, and where ours has it. */
export interface Expectation {
  /** As it is commonly called or described. */
  readonly what: string;
  /** The condition, how long it holds and how loud it is, as it is commonly shipped. */
  readonly commonly: string;
  /** The alerts of the catalogue that say it; none where `because` says why it has none. */
  readonly alerts: readonly string[];
  /** Why there is none, or why ours differs. */
  readonly because?: string;
}

const one = (name: string, commonly: string, because?: string): Expectation => ({
  what: name,
  commonly,
  alerts: [name],
  ...(because === undefined ? {} : { because }),
});

/**
 * The alerts that the common collections of rules agree on, and what production on EKS adds to them. A test holds every name against the
 * catalogue.
 */
export const EXPECTED: readonly Expectation[] = [
  one("Watchdog", "always fires"),
  one("InfoInhibitor", "only info fires in a namespace"),
  one("TargetDown", "over 10% of a job's targets, 10m, warning"),
  one("KubePodCrashLooping", "15m, warning"),
  one("KubePodNotReady", "15m, warning"),
  one("KubeContainerWaiting", "1h, warning"),
  one("KubeDeploymentReplicasMismatch", "15m, warning"),
  one("KubeDeploymentRolloutStuck", "15m, warning"),
  one("KubeStatefulSetReplicasMismatch", "15m, warning"),
  one("KubeDaemonSetRolloutStuck", "15m, warning"),
  one("KubeJobFailed", "15m, warning"),
  one("KubeHpaMaxedOut", "15m, warning"),
  one("KubePdbNotEnoughHealthyPods", "15m, warning"),
  {
    what: "KubePersistentVolumeFillingUp",
    commonly: "under 3%, 1m, critical; under 15% and full within four days, 1h, warning",
    alerts: ["KubePersistentVolumeAlmostFull", "KubePersistentVolumeFillingUp"],
    because: "two names for what are two alerts, so that each can be tuned and silenced apart",
  },
  one("KubeNodeNotReady", "15m, warning"),
  one("KubeletDown", "15m, critical"),
  one(
    "KubeAPIErrorBudgetBurn",
    "four burn rates",
    "one burn rate that pages: whoever runs on EKS cannot mend a slow burn",
  ),
  one("KubeAPIDown", "15m, critical"),
  one("CPUThrottlingHigh", "over 25%, 15m, info"),
  one("KubeQuotaExceeded", "15m, warning"),
  {
    what: "NodeFilesystemSpaceFillingUp",
    commonly: "full within 24h, 1h, warning; within 4h, 1h, critical",
    alerts: ["NodeFilesystemSpaceFillingUp", "NodeFilesystemSpaceFillingUpFast"],
    because: "two names, as above",
  },
  one("PrometheusRuleFailures", "15m, critical"),
  one("PrometheusNotConnectedToAlertmanagers", "10m, critical"),
  one("AlertmanagerClusterFailedToSendAlerts", "over 1%, 5m, critical"),
  one("KubeStateMetricsListErrors", "over 1%, 15m, critical"),
  {
    what: "containers killed for memory",
    commonly: "not shipped",
    alerts: ["KubeContainerOOMKilled"],
  },
  { what: "pressure on nodes", commonly: "info", alerts: ["KubeNodePressure"] },
  {
    what: "certificates that expire",
    commonly: "7d, warning; 24h, critical",
    alerts: ["KubeClientCertificateExpiring", "KubeletCertificateExpiring", "ProbedCertificateExpiring"],
  },
  {
    what: "pod addresses of the VPC network plug-in",
    commonly: "not shipped",
    alerts: ["KubeCniAddressesLow", "KubeCniAddressesExhausted"],
  },
  {
    what: "CoreDNS",
    commonly: "down, 15m, critical; errors, warning",
    alerts: ["CoreDNSDown", "CoreDNSErrorsHigh"],
  },
  {
    what: "the health of Prometheus",
    commonly: "a dozen alerts",
    alerts: [
      "PrometheusConfigReloadFailed",
      "PrometheusNotIngestingSamples",
      "PrometheusTSDBFailing",
      "PrometheusErrorSendingAlerts",
      "PrometheusAlertsUndelivered",
      "PrometheusNotificationQueueFull",
    ],
  },
  {
    what: "trouble in scrape pools",
    commonly: "limits that are hit, samples that are dropped, 15m, warning",
    alerts: ["PrometheusScrapesRejected", "PrometheusSamplesRejected"],
  },
  {
    what: "remote write",
    commonly: "behind by 120s or over 1% refused, 15m, critical",
    alerts: ["PrometheusRemoteWriteBehind", "PrometheusRemoteWriteFailing"],
    because:
      "warnings, where samples are sent on at all: alerts are evaluated where samples are scraped, so nobody need be woken",
  },
  {
    what: "rules that lag behind",
    commonly: "missed evaluations, 15m, warning",
    alerts: ["PrometheusMissingRuleEvaluations", "PrometheusRuleGroupSlow"],
  },
  {
    what: "the health of Alertmanager",
    commonly: "half a dozen alerts",
    alerts: [
      "AlertmanagerDown",
      "AlertmanagerFailedReload",
      "AlertmanagerMembersInconsistent",
      "AlertmanagerConfigInconsistent",
    ],
  },
  {
    what: "remote-write lag",
    commonly: "15m, critical",
    alerts: [],
    because:
      "no environment writes to a remote storage; whoever adds `remoteWrite` to Prometheus adds the alert with it",
  },
  {
    what: "scheduler or controller manager down",
    commonly: "15m, critical",
    alerts: [],
    because:
      "EKS does not expose whether they run, only what they count, of which KubeSchedulerFailing is made; elsewhere they listen on the control plane's loopback",
  },
  {
    what: "expiry of a kubelet's client certificate",
    commonly: "7d, warning",
    alerts: [],
    because:
      "on EKS kubelets sign in with a token of their instance's role and have none; elsewhere the API server sees it: KubeClientCertificateExpiring",
  },
  {
    what: "free addresses of a subnet",
    commonly: "not shipped",
    alerts: [],
    because:
      "AWS knows them and no exporter here asks; what follows from it on the nodes is KubeCniAddressesLow",
  },
];
