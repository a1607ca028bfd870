/** Mutants that nothing could tell from the original. */
interface Equivalent {
  readonly alerts: readonly string[];
  readonly mutant: RegExp;
  readonly why: string;
}

const OF_DISKS = [
  "NodeFilesystemSpaceFillingUp",
  "NodeFilesystemSpaceFillingUpFast",
  "NodeFilesystemAlmostFull",
  "NodeFilesystemInodesAlmostUsed",
];

/** Every mutant that survives because it means the same, and the reason. What is not listed here counts as a gap of the cases. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    alerts: OF_DISKS,
    mutant: /^(job|fstype|mountpoint)\S* dropped/,
    why: "free space, size and read-only flag are joined on all labels, and each of the others still leaves these series out",
  },
  {
    alerts: ["KubeCniAddressesLow", "PrometheusNotConnectedToAlertmanagers"],
    mutant: /^threshold 1 \/1\.25/,
    why: "the compared number is whole: below 0.8 is below 1",
  },
  {
    alerts: ["KubePodCrashLooping", "KubeContainerOOMKilled"],
    mutant: /^threshold 1 \/1\.25/,
    why: "the compared number is whole: at least 0.8 is at least 1",
  },
  {
    alerts: ["AlertmanagerConfigInconsistent"],
    mutant: /^threshold 1 x1\.25/,
    why: "the compared number is whole: above 1.25 is above 1",
  },
  {
    alerts: ["KubePodCrashLooping"],
    mutant: /^>= flipped/,
    why: "kube-state-metrics writes the series only while the reason holds, and then it is 1",
  },
  {
    alerts: ["KubeAPILatencyHigh"],
    mutant: /^verb!~"WATCH\|CONNECT\|LIST" dropped/,
    why: "percentile and number of requests are joined on the verb, and each leaves these verbs out",
  },
  {
    alerts: ["CPUThrottlingHigh"],
    mutant: /^container!="" dropped/,
    why: "a pod's own group has no container on either side of the division, so what one side lets in has nothing to be divided by",
  },
  {
    alerts: ["KubeAPIErrorBudgetBurn", "CoreDNSErrorsHigh"],
    mutant: /^or → and/,
    why: "the zero that stands in for missing errors is for the panel: an alert is as silent without a value as at 0",
  },
  {
    alerts: ["KubeAPIErrorBudgetBurn"],
    mutant: /^window 1h x2 at (?:[4-9]\d\d)$/,
    why: "more than an hour of samples counts as an hour",
  },
  {
    alerts: ["KubeQuotaExceeded"],
    mutant: /^job="kube-state-metrics" dropped at (?:[7-9]\d\d)$/,
    why: "asked for and existing pods are compared on all labels, the job among them",
  },
  {
    alerts: [
      "NodeFilesystemSpaceFillingUp",
      "NodeFilesystemSpaceFillingUpFast",
      "KubePersistentVolumeFillingUp",
    ],
    mutant: /^window (?:15m|1h|3h) x2/,
    why: "each low must be below the one before it, so a range that reaches into the time before finds the same low or one that fails",
  },
];
