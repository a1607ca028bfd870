#!/usr/bin/env bash
# Guess: a bill of materials from `npm sbom` names each package by the version that the registry has.
# Found: @grafana/grafana-foundation-sdk 0.0.21 calls itself "v0.0.21" in its own package.json. npm installs it as 0.0.21, and writes v0.0.21
#   into the version and the package URL of the bill of materials. A scanner that looks the package URL up finds no such version.
# Matters for: whoever publishes or scans a bill of materials of dashboards as code. Remove the v from the list.
# Versions: @grafana/grafana-foundation-sdk 0.0.21, npm 11.19.1.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @grafana/grafana-foundation-sdk@0.0.21 npm@11.19.1
node -p "'lock file ' + require('./package-lock.json').packages['node_modules/@grafana/grafana-foundation-sdk'].version" | tee found.txt
node_modules/.bin/npm sbom --sbom-format cyclonedx >sbom.json
node -p "'sbom ' + require('./sbom.json').components.find(({ name }) => name.includes('foundation')).purl" | tee -a found.txt
diff found.txt - <<'EOF'
lock file 0.0.21
sbom pkg:npm/%40grafana/grafana-foundation-sdk@v0.0.21
EOF
