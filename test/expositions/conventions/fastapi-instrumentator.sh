#!/usr/bin/env bash
# library: prometheus-fastapi-instrumentator 8.1.0
# with: fastapi 0.163.2, uvicorn 0.54.0, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet prometheus-fastapi-instrumentator==8.1.0 fastapi==0.163.2 uvicorn==0.54.0
cat >app.py <<'EOF'
import asyncio
from fastapi import FastAPI, HTTPException
from prometheus_fastapi_instrumentator import Instrumentator

app = FastAPI()
Instrumentator().instrument(app).expose(app)

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
