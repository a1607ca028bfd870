#!/usr/bin/env bash
# Guess: prom-client's registry in OpenMetrics format, which exemplars need, has the same series as in the classic text format.
# Found: a counter without the suffix _total keeps its name in the text format and gets the suffix in OpenMetrics. Switching the format
#   renames it: every rule and panel on the old name loses its data, while the program and its counters stay the same.
# Matters for: Node.js services that turn exemplars on.
# Version: prom-client 15.1.3.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund prom-client@15.1.3
cat >names.mjs <<'EOF'
import client from "prom-client";
for (const type of [client.Registry.PROMETHEUS_CONTENT_TYPE, client.Registry.OPENMETRICS_CONTENT_TYPE]) {
  const registry = new client.Registry(type);
  new client.Counter({ name: "orders", help: "Orders", registers: [registry] }).inc(2);
  new client.Counter({ name: "refunds_total", help: "Refunds", registers: [registry] }).inc(1);
  const lines = (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  console.log(type.split(";")[0], lines.join(", "));
}
EOF
node names.mjs | tee found.txt
diff found.txt - <<'EOF'
text/plain orders 2, refunds_total 1
application/openmetrics-text orders_total 2, refunds_total 1
EOF
