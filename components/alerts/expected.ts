/** An alert that is common in Kubernetes alert collections, and where the catalogue has it. */
export interface Expectation {
  /** Common name or description. */
  readonly what: string;
  /** Condition, duration and severity in the common collections. */
  readonly commonly: string;
  /** The alerts of the catalogue that cover it; none where `because` gives the reason. */
  readonly alerts: readonly string[];
  /** Why there is none, or why it differs. */
  readonly because?: string;
}

const one = (name: string, commonly: string, because?: string): Expectation => ({
  what: name,
  commonly,
  alerts: [name],
  ...(because === undefined ? {} : { because }),
});

/**
 * The alerts that the common collections of rules share, and those that production on EKS adds. A test compares every name with the
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
    because: "two alerts with two names: each can be tuned and silenced separately",
  },
  one("KubeNodeNotReady", "15m, warning"),
  one("KubeletDown", "15m, critical"),
  one(
    "KubeAPIErrorBudgetBurn",
    "four burn rates",
    "one burn rate that pages: on EKS, AWS runs the control plane, and you cannot fix a slow burn",
  ),
  one("KubeAPIDown", "15m, critical"),
  one("CPUThrottlingHigh", "over 25%, 15m, info"),
  one("KubeQuotaExceeded", "15m, warning"),
  {
    what: "NodeFilesystemSpaceFillingUp",
    commonly: "full within 24h, 1h, warning; within 4h, 1h, critical",
    alerts: ["NodeFilesystemSpaceFillingUp", "NodeFilesystemSpaceFillingUpFast"],
    because:
      "two alerts with two names, as for KubePersistentVolumeFillingUp; only above 85%, because below the kubelet lets images accumulate",
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
  { what: "node pressure", commonly: "info", alerts: ["KubeNodePressure"] },
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
    what: "Prometheus",
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
    what: "shards of Prometheus",
    commonly: "not shipped",
    alerts: ["PrometheusShardDown"],
  },
  {
    what: "scrape pools",
    commonly: "limits exceeded, samples dropped, 15m, warning",
    alerts: ["PrometheusScrapesRejected", "PrometheusSamplesRejected"],
  },
  {
    what: "remote write",
    commonly: "behind by 120s or over 1% rejected, 15m, critical",
    alerts: ["PrometheusRemoteWriteBehind", "PrometheusRemoteWriteFailing"],
    because:
      "warnings, only where remote write is configured: Prometheus evaluates alerts locally, so a delay of remote write does not affect them",
  },
  {
    what: "Thanos",
    commonly: "operations on object storage fail, compactor halted, queries fail, 5m to 15m, critical",
    alerts: ["ThanosUploadFailing", "ThanosCompactorHalted", "ThanosStoreFailing", "ThanosQueryFailing"],
    because:
      "warnings, only with a store of kind thanos: Prometheus keeps its samples for its retention, so that object storage does not affect alerts",
  },
  {
    what: "Thanos Ruler",
    commonly: "a dozen alerts",
    alerts: [
      "ThanosRulerNotEvaluating",
      "ThanosRulerQueriesFailing",
      "ThanosRulerReplicaFailing",
      "ThanosRulerRuleFailures",
      "ThanosRulerMissingEvaluations",
      "ThanosRulerAlertsUndelivered",
    ],
    because:
      "only where Thanos Ruler evaluates the rules; Prometheus evaluates these, and its heartbeat covers both",
  },
  {
    what: "Karpenter",
    commonly:
      "errors of the cloud provider, nodes that do not register, pool at its limit, 5m to 1h, warning",
    alerts: [
      "KarpenterNodesNotJoining",
      "KarpenterCloudCallsFailing",
      "KarpenterPodsFitNoPool",
      "KarpenterPoolNearLimit",
      "KarpenterNodeNotDraining",
    ],
    because: "only with cluster.autoscaler of kind karpenter",
  },
  {
    what: "rule evaluation",
    commonly: "missed evaluations, 15m, warning",
    alerts: ["PrometheusMissingRuleEvaluations", "PrometheusRuleGroupSlow"],
  },
  {
    what: "Alertmanager",
    commonly: "half a dozen alerts",
    alerts: [
      "AlertmanagerDown",
      "AlertmanagerFailedReload",
      "AlertmanagerMembersInconsistent",
      "AlertmanagerConfigInconsistent",
    ],
  },
  {
    what: "scheduler or controller manager down",
    commonly: "15m, critical",
    alerts: [],
    because:
      "EKS exposes metrics of both, but not whether they run; KubeSchedulerFailing uses these metrics. Elsewhere they listen on the loopback address of the control plane",
  },
  {
    what: "expiry of a kubelet's client certificate",
    commonly: "7d, warning",
    alerts: [],
    because:
      "on EKS a kubelet authenticates with a token of its instance role and has no client certificate; elsewhere KubeClientCertificateExpiring covers it",
  },
  {
    what: "free addresses of a subnet",
    commonly: "not shipped",
    alerts: [],
    because: "no exporter here reads them from AWS; KubeCniAddressesLow reports the consequence on the nodes",
  },
];
