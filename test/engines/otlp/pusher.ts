import { createInterface } from "node:readline";
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { Requests } from "./services.ts";

// What test/tools/otlp/pusher/main.go and pusher.py do, with OpenTelemetry's SDK for JavaScript: it counts the requests of each line of
// standard input and pushes them as the variables of OpenTelemetry say. The exporter is of this file, the serialization of the SDK.

const { env } = process;
const temporality =
  env["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] === "delta"
    ? AggregationTemporality.DELTA
    : AggregationTemporality.CUMULATIVE;

const exporter: PushMetricExporter = {
  export(metrics, done) {
    // No metric in it: nothing was counted since the last push.
    if (metrics.scopeMetrics.every((scope) => scope.metrics.length === 0)) return done({ code: 0 });
    const body = Buffer.from(ProtobufMetricsSerializer.serializeRequest(metrics) ?? []);
    const headers = { "content-type": "application/x-protobuf" };
    void fetch(env["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] ?? "", { method: "POST", headers, body }).then(
      async (answer) => {
        if (!answer.ok) {
          process.stderr.write(`${answer.status} ${await answer.text()}\n`);
          process.exitCode = 1;
        }
        done({ code: answer.ok ? 0 : 1 });
      },
    );
  },
  selectAggregationTemporality: () => temporality,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const attributes = (env["OTEL_RESOURCE_ATTRIBUTES"] ?? "").split(",").map((each) => each.split("="));
const provider = new MeterProvider({
  resource: Resource.default().merge(
    new Resource({ ...Object.fromEntries(attributes), "service.name": env["OTEL_SERVICE_NAME"] }),
  ),
  readers: [
    new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: Number(env["OTEL_METRIC_EXPORT_INTERVAL"]),
      exportTimeoutMillis: 1_000,
    }),
  ],
});
const durations = provider.getMeter("http").createHistogram("http.server.request.duration", {
  unit: "s",
  advice: { explicitBucketBoundaries: JSON.parse(env["BOUNDARIES"] ?? "") as number[] },
});
for await (const line of createInterface({ input: process.stdin }))
  for (const { count, status, seconds } of JSON.parse(line) as Requests[])
    for (let request = 0; request < count; request++)
      durations.record(seconds, {
        "http.request.method": "GET",
        "http.route": "/orders",
        "http.response.status_code": status,
      });
await provider.shutdown();
