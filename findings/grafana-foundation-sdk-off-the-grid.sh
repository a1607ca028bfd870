#!/usr/bin/env bash
# Guess: Grafana's dashboard builders place a panel that does not fit beside the last one into the next row.
# Found: they compare nothing with the width of the grid, 24 columns: a panel of 24 columns after one of 12 begins at column 12 and ends at column
#   36. Nor do they give panels ids, by which links and alerts refer to panels. Set gridPos and id yourself.
# Matters for: dashboards as code with the builders' automatic layout, in TypeScript and in Python.
# Versions: @grafana/grafana-foundation-sdk 0.0.21, grafana_foundation_sdk 1769699998!10.1.0 (Python).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @grafana/grafana-foundation-sdk@0.0.21
cat >layout.mjs <<'EOF'
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
const panel = (title, span) => new PanelBuilder().title(title).span(span).height(4);
const { panels } = new DashboardBuilder("Orders").withPanel(panel("half", 12)).withPanel(panel("whole", 24)).build();
for (const { title, id, gridPos } of panels) console.log(title, "id", id ?? null, "columns", gridPos.x, "to", gridPos.x + gridPos.w);
EOF
node layout.mjs | tee typescript.txt

python3 -m venv venv
venv/bin/pip install --quiet 'grafana-foundation-sdk==1769699998!10.1.0'
cat >layout.py <<'EOF'
from grafana_foundation_sdk.builders import dashboard, stat
panel = lambda title, span: stat.Panel().title(title).span(span).height(4)
built = dashboard.Dashboard("Orders").with_panel(panel("half", 12)).with_panel(panel("whole", 24)).build()
for p in built.panels:
    print(p.title, "id", "null" if p.id_val is None else p.id_val, "columns", p.grid_pos.x, "to", p.grid_pos.x + p.grid_pos.w)
EOF
venv/bin/python layout.py | tee python.txt
for found in typescript.txt python.txt; do
  diff "$found" - <<'EOF'
half id null columns 0 to 12
whole id null columns 12 to 36
EOF
done
