#!/usr/bin/env bash
# library: opentelemetry-instrumentation-fastapi 0.66b2
# with: opentelemetry-exporter-prometheus 0.66b2, fastapi 0.163.2, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet opentelemetry-instrumentation-fastapi==0.66b2 opentelemetry-exporter-prometheus==0.66b2 fastapi==0.163.2 uvicorn==0.54.0
cat >app.py <<'EOF'
import asyncio
from fastapi import FastAPI, HTTPException
from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import make_asgi_app

metrics.set_meter_provider(MeterProvider(metric_readers=[PrometheusMetricReader()]))
app = FastAPI()
app.mount("/metrics", make_asgi_app())
FastAPIInstrumentor.instrument_app(app, excluded_urls="metrics")

@app.get("/ok")
async def ok(): return "ok"
@app.get("/slow")
async def slow(): await asyncio.sleep(1.2); return "slow"
@app.get("/bad")
async def bad(): raise HTTPException(400)
@app.get("/fail")
async def fail(): raise HTTPException(503)
@app.get("/raise")
async def raised(): raise RuntimeError("raised")
@app.get("/orders/{order}")
async def orders(order: int): return order
@app.get("/hang")
async def hang(): await asyncio.sleep(2); return "late"
EOF
exec venv/bin/uvicorn app:app --host 127.0.0.1 --port "$PORT"
