#!/usr/bin/env bash
# library: litestar 2.25.0
# with: its plugin for Prometheus, uvicorn 0.54.0, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet "litestar[prometheus]==2.25.0" uvicorn==0.54.0
cat >app.py <<'EOF'
import asyncio
from litestar import Litestar, get
from litestar.exceptions import HTTPException
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController

@get("/ok")
async def ok() -> str: return "ok"
@get("/slow")
async def slow() -> str: await asyncio.sleep(1.2); return "slow"
@get("/bad")
async def bad() -> None: raise HTTPException(status_code=400)
@get("/fail")
async def fail() -> None: raise HTTPException(status_code=503)
@get("/raise")
async def raised() -> None: raise RuntimeError("raised")
@get("/orders/{order:int}")
async def orders(order: int) -> str: return str(order)
@get("/hang")
async def hang() -> str: await asyncio.sleep(2); return "late"

class Metrics(PrometheusController):
    openmetrics_format = False

app = Litestar([ok, slow, bad, fail, raised, orders, hang, Metrics], middleware=[PrometheusConfig().middleware])
EOF
exec venv/bin/uvicorn app:app --host 127.0.0.1 --port "$PORT"
