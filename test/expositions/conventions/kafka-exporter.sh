#!/usr/bin/env bash
# library: github.com/danielqsj/kafka_exporter 1.9.0
# with: Kafka 4.3.1 and kafkajs 2.2.4, Go 1.26
# asked: ok waiting
# metrics: :/metrics
# wait: 2
set -euo pipefail
. "$(dirname "$0")/parts/kafka.sh"
# KAFKA_EXPORTER may name a checkout of its tag v1.9.0.
if [ -n "${KAFKA_EXPORTER:-}" ]; then cp -r "$KAFKA_EXPORTER" exporter
else git clone --quiet --depth 1 --branch v1.9.0 https://github.com/danielqsj/kafka_exporter exporter; fi
(cd exporter && go build -o ../kafka_exporter . 2>/dev/null)
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund kafkajs@2.2.4
cat >app.js <<'EOT'
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";

const kafka = new Kafka({ brokers: [`127.0.0.1:${process.env.KAFKA_PORT}`], logLevel: logLevel.ERROR });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "orders", numPartitions: 2, replicationFactor: 1 }] });
const producer = kafka.producer();
await producer.connect();
const consumer = kafka.consumer({ groupId: "shop" });
await consumer.connect();
await consumer.subscribe({ topic: "orders", fromBeginning: true });
await consumer.run({ eachMessage: ({ message }) => (message.value.toString() === "waiting" ? sleep(20_000) : undefined) });
createServer(async ({ url }, answer) => {
  const value = url.slice(1);
  for (const partition of value === "waiting" ? [0, 0, 0, 1, 1] : value === "" ? [] : [0])
    await producer.send({ topic: "orders", messages: [{ value, partition }] });
  answer.end();
}).listen(Number(process.env.PORT), "127.0.0.1");
EOT
node app.js &
until (: >/dev/tcp/127.0.0.1/"$PORT") 2>/dev/null; do sleep 0.5; done
exec ./kafka_exporter --kafka.server="127.0.0.1:$KAFKA_PORT" --web.listen-address="127.0.0.1:$METRICS_PORT" --log.level=error
