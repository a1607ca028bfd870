/**
 * The labels that say what an alert is about: its subject. Alerts that differ in one of them are about different things. A label that
 * only tells apart replicas or aspects of one thing (`pod`, `reason` …) is not here. A test derives both kinds from the labels that the
 * results of all rules have, so a label of a new alert has to be put on one side.
 */
export const SUBJECT_LABELS = [
  "cluster",
  "alertname",
  // Of objectives.
  "service",
  "slo",
  // Of workloads.
  "namespace",
  "job",
  "container",
  "deployment",
  "statefulset",
  "daemonset",
  "job_name",
  "horizontalpodautoscaler",
  "poddisruptionbudget",
  "resourcequota",
  // Of machines and volumes.
  "node",
  "device",
  "persistentvolume",
  "persistentvolumeclaim",
  // Of the platform's programs.
  "name",
  "rule_group",
  "integration",
  "controller",
] as const;
