#!/usr/bin/env bash
# library: @opentelemetry/instrumentation-kafkajs 0.33.0
# with: kafkajs 2.2.4, @opentelemetry/exporter-prometheus 0.301.0, Kafka 4.3.1, Node.js
# asked: ok slow retry
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/kafka.sh"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund kafkajs@2.2.4 @opentelemetry/instrumentation-kafkajs@0.33.0 @opentelemetry/exporter-prometheus@0.301.0 @opentelemetry/sdk-metrics@3.1.1 @opentelemetry/instrumentation@0.301.0 @opentelemetry/api@1.10
cat >app.cjs <<'EOT'
const { PrometheusExporter } = require("@opentelemetry/exporter-prometheus");
const { MeterProvider } = require("@opentelemetry/sdk-metrics");
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { KafkaJsInstrumentation } = require("@opentelemetry/instrumentation-kafkajs");
const meterProvider = new MeterProvider({ readers: [new PrometheusExporter({ host: "127.0.0.1", port: Number(process.env.METRICS_PORT) })] });
registerInstrumentations({ meterProvider, instrumentations: [new KafkaJsInstrumentation()] });
const { Kafka, logLevel } = require("kafkajs");
const { createServer } = require("node:http");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const kafka = new Kafka({ brokers: [`127.0.0.1:${process.env.KAFKA_PORT}`], logLevel: logLevel.ERROR });
const tried = new Set();
let done = () => undefined;
const work = {
  ok: () => undefined,
  slow: () => sleep(1200),
  // KafkaJS hands a message whose handler throws to it again, without end.
  retry: (offset) => { if (!tried.has(offset)) { tried.add(offset); throw new Error("try again"); } },
};

(async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "orders", numPartitions: 1, replicationFactor: 1 }] });
  const producer = kafka.producer();
  await producer.connect();
  const consumer = kafka.consumer({ groupId: "shop" });
  await consumer.connect();
  await consumer.subscribe({ topic: "orders", fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      await work[message.value.toString()](message.offset);
      done();
    },
  });
  createServer(async ({ url }, answer) => {
    const value = url.slice(1);
    if (value in work) {
      const processed = new Promise((resolve) => { done = resolve; });
      await producer.send({ topic: "orders", messages: [{ value }] });
      await processed;
    }
    answer.end();
  }).listen(Number(process.env.PORT), "127.0.0.1");
})();
EOT
exec node app.cjs
