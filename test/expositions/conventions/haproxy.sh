#!/usr/bin/env bash
# library: HAProxy 2.6.12
# with: its service prometheus-exporter, one backend, from Debian's package haproxy 2.6.12
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/backend.sh"
cat >haproxy.cfg <<EOT
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend metrics
  bind 127.0.0.1:$METRICS_PORT
  http-request use-service prometheus-exporter if { path /metrics }
frontend edge
  bind 127.0.0.1:$PORT
  default_backend orders
backend orders
  server orders-1 127.0.0.1:$BACKEND_PORT
EOT
exec haproxy -db -f haproxy.cfg
