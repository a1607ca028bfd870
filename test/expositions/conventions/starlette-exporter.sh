#!/usr/bin/env bash
# library: starlette_exporter 0.24.0
# with: starlette 1.10.0, uvicorn 0.54.0, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet starlette-exporter==0.24.0 starlette==1.10.0 uvicorn==0.54.0
cat >app.py <<'EOF'
import asyncio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette_exporter import PrometheusMiddleware, handle_metrics

async def ok(request): return PlainTextResponse("ok")
async def slow(request): await asyncio.sleep(1.2); return PlainTextResponse("slow")
async def bad(request): raise HTTPException(400)
async def fail(request): raise HTTPException(503)
async def raised(request): raise RuntimeError("raised")
async def orders(request): return PlainTextResponse(request.path_params["order"])
async def hang(request): await asyncio.sleep(2); return PlainTextResponse("late")

routes = {"/ok": ok, "/slow": slow, "/bad": bad, "/fail": fail, "/raise": raised, "/orders/{order}": orders, "/hang": hang}
app = Starlette(routes=[Route(path, handler) for path, handler in routes.items()] + [Route("/metrics", handle_metrics)])
app.add_middleware(PrometheusMiddleware)
EOF
exec venv/bin/uvicorn app:app --host 127.0.0.1 --port "$PORT"
