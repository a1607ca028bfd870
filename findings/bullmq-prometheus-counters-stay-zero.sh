#!/usr/bin/env bash
# Guess: bullmq_job_completed_total and bullmq_job_failed_total, which queue.exportPrometheusMetrics() exposes as counters, count what workers finish.
# Found: they stay 0, beside a bullmq_job_count that grows, unless each worker has the option metrics: { maxDataPoints }.
# Matters for: objectives and alerts of failed jobs: they have no events, and no series is missing that would say so.
# Versions: bullmq 6.7.0, ioredis 5, Redis, Node.js. Needs the program redis-server.
set -euo pipefail
folder=$(mktemp -d); cd "$folder"
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no >/dev/null &
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund bullmq@6.7.0 ioredis@5
cat >count.js <<'EOT'
import { Queue, QueueEvents, Worker } from "bullmq";

const connection = { host: "127.0.0.1", port: Number(process.argv[2]), maxRetriesPerRequest: null };
for (const [name, options] of [["without", {}], ["with", { metrics: { maxDataPoints: 60 } }]]) {
  const queue = new Queue(name, { connection });
  const events = new QueueEvents(name, { connection });
  await events.waitUntilReady();
  new Worker(name, ({ name: job }) => { if (job === "fail") throw new Error("failed"); }, { connection, ...options });
  for (const job of ["ok", "fail"]) await (await queue.add(job, {})).waitUntilFinished(events, 10_000).catch(() => undefined);
  const text = await queue.exportPrometheusMetrics();
  const value = (series) => text.split("\n").find((line) => line.startsWith(series))?.split(" ").at(-1);
  const held = ["completed", "failed"].map((state) => value(`bullmq_job_count{queue="${name}", state="${state}"}`));
  console.log(name, "held", ...held, "counted", value("bullmq_job_completed_total"), value("bullmq_job_failed_total"));
}
process.exit();
EOT
found=$(node count.js "$port")
echo "$found"
[ "$found" = "without held 1 1 counted 0 0
with held 1 1 counted 1 1" ]
