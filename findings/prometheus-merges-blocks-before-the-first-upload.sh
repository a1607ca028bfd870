#!/usr/bin/env bash
# Guess: with --storage.tsdb.delay-compact-file.path Prometheus merges no block that the file does not name, and so none while there is no file.
# Found: while the file is missing or cannot be read, Prometheus warns and merges every block. Thanos' sidecar writes the file after its first
#   look at the blocks and uploads no merged block, so that what is merged before never reaches object storage.
# Matters for: the first start of a server with an uploading sidecar (prometheus-operator 0.94 sets the flag), and for a sidecar that
#   cannot start: samples from before its first look stay on the volume alone.
# Version: Prometheus 3.13.5.
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

go mod init finding >/dev/null 2>&1
cat >tools.go <<'EOF'
//go:build tools

package main

import (
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
EOF
go get github.com/prometheus/prometheus@v0.313.5 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
CGO_ENABLED=0 go build -tags remove_all_sd,netgo -o . github.com/prometheus/prometheus/cmd/prometheus github.com/prometheus/prometheus/cmd/promtool

# Samples of the last day, each five minutes, in blocks of two hours.
now=$(date +%s); start=$(((now / 7200 - 12) * 7200))
{
  echo "# TYPE requests counter"
  for ((at = start; at < start + 10 * 7200; at += 300)); do echo "requests_total $((at - start)) $at"; done
  echo "# EOF"
} >samples.txt
echo "{}" >prometheus.yml

levels() { # the levels of all blocks, one a line
  for meta in "$1"/*/meta.json; do sed -n 's/.*"level": *\([0-9]*\).*/\1/p' "$meta"; done | sort | uniq -c | tr -s ' \n' ' '
}

run() { # port, folder: until Prometheus has looked for blocks to merge, or a minute and a half
  ./promtool tsdb create-blocks-from openmetrics samples.txt "$2" >/dev/null
  [ "$3" = missing ] || echo '{"version": 1, "uploaded": []}' >"$2/thanos.shipper.json"
  ./prometheus --config.file=prometheus.yml --storage.tsdb.path="$2" --web.listen-address="127.0.0.1:$1" \
    --storage.tsdb.delay-compact-file.path="$2/thanos.shipper.json" >"$2.log" 2>&1 &
  server=$!
  for _ in $(seq 90); do
    sleep 1
    if levels "$2" | grep -q '[23]$\|[23] '; then break; fi
  done
  kill "$server"; wait "$server" 2>/dev/null || true; server=""
  echo "$3: $(levels "$2")"
}

run 19475 with-file "names no block" | tee found.txt
run 19476 without-file missing | tee -a found.txt
grep -c 'cannot open TSDB upload meta file' without-file.log
# With a file that names none, every block stays at level 1; without a file, some are merged.
grep -Eq '^names no block: ?[0-9]+ 1 ?$' found.txt
grep -Eq '^missing: .*[0-9]+ [23]' found.txt
