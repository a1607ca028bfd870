#!/usr/bin/env bash
# library: @opentelemetry/instrumentation-http 0.301.0
# with: @opentelemetry/exporter-prometheus 0.301.0, express 5.3.0, Node.js
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/metrics
set -euo pipefail
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/instrumentation-http@0.301.0 @opentelemetry/exporter-prometheus@0.301.0 @opentelemetry/sdk-metrics@3.1.1 @opentelemetry/instrumentation@0.301.0 express@5.3.0
cat >app.cjs <<'EOF'
const { PrometheusExporter } = require("@opentelemetry/exporter-prometheus");
const { MeterProvider } = require("@opentelemetry/sdk-metrics");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const reader = new PrometheusExporter({ port: Number(process.env.METRICS_PORT), host: "127.0.0.1" });
registerInstrumentations({ meterProvider: new MeterProvider({ readers: [reader] }), instrumentations: [new HttpInstrumentation()] });
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const app = require("express")();
app.get("/ok", (_, answer) => answer.send("ok"));
app.get("/slow", async (_, answer) => { await later(1200); answer.send("slow"); });
app.get("/bad", (_, answer) => answer.status(400).send("bad"));
app.get("/fail", (_, answer) => answer.status(503).send("fail"));
app.get("/raise", () => { throw new Error("raised"); });
app.get("/orders/:order", (question, answer) => answer.send(question.params.order));
app.get("/hang", async (_, answer) => { await later(2000); answer.send("late"); });
app.listen(process.env.PORT, "127.0.0.1");
EOF
exec node app.cjs
