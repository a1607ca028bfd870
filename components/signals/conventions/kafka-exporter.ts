import type { JobConvention } from "./job-convention.ts";

/**
 * The lag of consumer groups, which the label consumergroup tells apart. The sum leaves out partitions whose group has not committed an
 * offset yet, however much waits in them: those have a lag of -1 each.
 */
export const kafkaExporter: JobConvention = {
  library: "github.com/danielqsj/kafka_exporter 1.9.0",
  source: "recorded",
  backlog: { metric: "kafka_consumergroup_lag_sum" },
  counts: {},
  marks: { metric: "kafka_consumergroup_lag_sum", labels: ["consumergroup", "topic"] },
};
