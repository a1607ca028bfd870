import {
  type MonitoringModelArgs,
  type PrometheusSettings,
  prometheusSettings,
  type ResolvedMonitoring,
  resolveMonitoring,
} from "../../../components/prometheus/model.ts";

export const PRODUCTION_SETTINGS: PrometheusSettings = prometheusSettings.parse({
  crds: "chart",
  replicas: 2,
  scrapeInterval: "30s",
  retention: "30d",
  volume: "200Gi",
  activeSeries: 500_000,
  resources: { cpu: "1", memory: "8Gi" },
  store: { kind: "none" },
});

/** An EKS cluster over three zones, as production has it. */
export const PRODUCTION: MonitoringModelArgs = {
  settings: PRODUCTION_SETTINGS,
  cluster: { name: "prod", distribution: "eks", zones: 3, storageClass: "gp3-encrypted" },
  environment: "prod",
  alertmanager: "alertmanager",
};

/** The same with Thanos and a bucket of S3. */
export const WITH_THANOS: MonitoringModelArgs = {
  ...PRODUCTION,
  settings: { ...PRODUCTION_SETTINGS, store: { kind: "thanos", bucket: { kind: "created" } } },
  cluster: { ...PRODUCTION.cluster, store: "thanos" },
  objectStorage: { bucket: "samples-prod-111122223333", region: "eu-central-1" },
};

/** The same where Thanos evaluates the rules. */
export const WITH_RULER: MonitoringModelArgs = {
  ...WITH_THANOS,
  settings: { ...WITH_THANOS.settings, rules: "store" },
  cluster: { ...WITH_THANOS.cluster, evaluator: "thanos-ruler" },
};

/** Everything that is scraped anywhere: Thanos with its ruler, and Karpenter. */
export const WITH_EVERYTHING: MonitoringModelArgs = {
  ...WITH_RULER,
  cluster: { ...WITH_RULER.cluster, autoscaler: "karpenter" },
};

/** A cluster on a laptop: one zone, one replica, definitions kept by something else. */
export const LOCAL: MonitoringModelArgs = {
  settings: {
    ...PRODUCTION_SETTINGS,
    crds: "external",
    replicas: 1,
    retention: "2d",
    volume: "10Gi",
    activeSeries: 50_000,
    resources: { cpu: "100m", memory: "1Gi" },
  },
  cluster: { name: "kind", distribution: "generic", zones: 1, storageClass: "standard" },
  environment: "local",
  alertmanager: "alertmanager",
};

/** The resolved inputs; fails the test with the problems if there are any. */
export function resolved(inputs: MonitoringModelArgs): ResolvedMonitoring {
  const result = resolveMonitoring(inputs);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.value;
}
