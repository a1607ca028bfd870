#!/usr/bin/env bash
# library: bullmq-otel 2.0.1
# with: bullmq 6.7.0, ioredis 5, @opentelemetry/exporter-prometheus 0.301.0, Redis, Node.js
# asked: ok slow fail retry waiting
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/redis.sh"
export REDIS_PORT
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund bullmq@6.7.0 bullmq-otel@2.0.1 ioredis@5 @opentelemetry/api@1.10 @opentelemetry/sdk-metrics@3.1.1 @opentelemetry/exporter-prometheus@0.301.0
cat >server.js <<'EOT'
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { metrics } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { Queue, QueueEvents, Worker } from "bullmq";
import { BullMQOtel } from "bullmq-otel";

metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new PrometheusExporter({ host: "127.0.0.1", port: Number(process.env.METRICS_PORT) })] }));
const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const telemetry = new BullMQOtel({ tracerName: "shop", meterName: "shop", enableMetrics: true });
const queue = new Queue("orders", { connection, telemetry });
const events = new QueueEvents("orders", { connection });
const work = {
  ok: () => "ok",
  slow: () => sleep(1200),
  fail: () => { throw new Error("failed"); },
  retry: (job) => { if (job.attemptsMade === 0) throw new Error("try again"); },
  waiting: () => sleep(20_000),
};
new Worker("orders", (job) => work[job.name](job), { connection, concurrency: 1, telemetry });

createServer(async ({ url }, answer) => {
  const name = url.slice(1);
  if (name === "waiting") for (let i = 0; i < 5; i++) await queue.add(name, {});
  else if (name in work) {
    const job = await queue.add(name, {}, name === "retry" ? { attempts: 2 } : {});
    await job.waitUntilFinished(events).catch(() => undefined);
  }
  answer.end();
}).listen(Number(process.env.PORT), "127.0.0.1");
EOT
exec node server.js
