#!/usr/bin/env bash
# library: bullmq 6.7.0
# with: queue.exportPrometheusMetrics(), a worker with metrics: { maxDataPoints: 60 }, ioredis 5, Redis, Node.js
# asked: ok slow fail retry waiting
set -euo pipefail
. "$(dirname "$0")/parts/redis.sh"
export REDIS_PORT
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund bullmq@6.7.0 ioredis@5
cat >server.js <<'EOT'
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue, QueueEvents, Worker } from "bullmq";

const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const queue = new Queue("orders", { connection });
const events = new QueueEvents("orders", { connection });
const work = {
  ok: () => "ok",
  slow: () => sleep(1200),
  fail: () => { throw new Error("failed"); },
  retry: (job) => { if (job.attemptsMade === 0) throw new Error("try again"); },
  waiting: () => sleep(20_000),
};
new Worker("orders", (job) => work[job.name](job), { connection, concurrency: 1, metrics: { maxDataPoints: 60 } });

createServer(async ({ url }, answer) => {
  const name = url.slice(1);
  if (name === "metrics") return answer.end(await queue.exportPrometheusMetrics());
  if (name === "waiting") for (let i = 0; i < 5; i++) await queue.add(name, {});
  else if (name in work) {
    const job = await queue.add(name, {}, name === "retry" ? { attempts: 2 } : {});
    await job.waitUntilFinished(events).catch(() => undefined);
  }
  answer.end();
}).listen(Number(process.env.PORT), "127.0.0.1");
EOT
exec node server.js
