#!/usr/bin/env bash
# Guess: OpenTelemetry's Prometheus exporters name a metric the same in every language. The instrument http.server.request.duration with
#   unit "s" is http_server_request_duration_seconds, as the compatibility specification has it.
# Found: the exporter of Python adds the unit, the exporter of JavaScript does not and writes "# UNIT" instead, which Prometheus ignores
#   in the classic text format. A rule on ..._seconds_count finds no series of a Node.js service, and reports no error.
# Matters for: objectives and dashboards on OpenTelemetry's semantic conventions. Through a collector both names are the same again.
# Versions: @opentelemetry/exporter-prometheus 0.223.0 and sdk-metrics 2.12.1; opentelemetry-exporter-prometheus 0.66b2 (Python).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/exporter-prometheus@0.223.0 @opentelemetry/sdk-metrics@2.12.1
cat >metrics.mjs <<'EOF'
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
const reader = new PrometheusExporter({ preventServerStart: true });
const meter = new MeterProvider({ readers: [reader] }).getMeter("shop");
meter.createHistogram("http.server.request.duration", { unit: "s" }).record(0.2);
meter.createUpDownCounter("queue.memory", { unit: "By" }).add(5);
const { resourceMetrics } = await reader.collect();
console.log(new PrometheusSerializer().serialize(resourceMetrics));
EOF
node metrics.mjs | grep -oE '^(http|queue)[a-z_]+' | grep -v bucket | sort -u >js.txt

python3 -m venv venv
venv/bin/pip install --quiet opentelemetry-sdk==1.45.2 opentelemetry-exporter-prometheus==0.66b2
cat >metrics.py <<'EOF'
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import REGISTRY, generate_latest
meter = MeterProvider(metric_readers=[PrometheusMetricReader()]).get_meter("shop")
meter.create_histogram("http.server.request.duration", unit="s").record(0.2)
meter.create_up_down_counter("queue.memory", unit="By").add(5)
print(generate_latest(REGISTRY).decode())
EOF
venv/bin/python metrics.py | grep -oE '^(http|queue)[a-z_]+' | grep -v bucket | sort -u >python.txt

echo "JavaScript:"; cat js.txt; echo "Python:"; cat python.txt
diff js.txt <(printf '%s\n' http_server_request_duration_count http_server_request_duration_sum queue_memory)
diff python.txt <(printf '%s\n' http_server_request_duration_seconds_count http_server_request_duration_seconds_sum queue_memory_bytes)
