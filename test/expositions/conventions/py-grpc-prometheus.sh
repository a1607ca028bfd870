#!/usr/bin/env bash
# library: py-grpc-prometheus 0.8.0
# with: grpcio 1.85.1, Python, enable_handling_time_histogram
# asked: ok slow bad fail raise unknown hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet py-grpc-prometheus==0.8.0 grpcio==1.85.1 "setuptools<81"
cat >app.py <<'EOF'
import os, time
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import grpc
from prometheus_client import generate_latest
from py_grpc_prometheus.prometheus_server_interceptor import PromServerInterceptor

def answers(after=0, code=None):
    def handle(request, context):
        time.sleep(after)
        if code: context.abort(code, "answered")
        return b""
    return grpc.unary_unary_rpc_method_handler(handle)
def raises(request, context): raise RuntimeError("raised")

server = grpc.server(futures.ThreadPoolExecutor(4), interceptors=[PromServerInterceptor(enable_handling_time_histogram=True)])
server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("shop.Orders", {
    "ok": answers(), "slow": answers(1.2), "bad": answers(code=grpc.StatusCode.INVALID_ARGUMENT),
    "fail": answers(code=grpc.StatusCode.UNAVAILABLE), "raise": grpc.unary_unary_rpc_method_handler(raises), "hang": answers(2)})])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
channel = grpc.insecure_channel(f"127.0.0.1:{port}")

class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b""
        if self.path == "/metrics": body = generate_latest()
        else:
            try: channel.unary_unary(f"/shop.Orders{self.path}")(b"", timeout=0.3 if self.path == "/hang" else 10)
            except grpc.RpcError: pass
        self.send_response(200); self.end_headers()
        try: self.wfile.write(body)
        except OSError: pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Asked).serve_forever()
EOF
exec venv/bin/python app.py
