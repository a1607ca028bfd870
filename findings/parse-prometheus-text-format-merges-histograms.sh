#!/usr/bin/env bash
# Guess: a parser of the exposition format returns one histogram for each set of labels.
# Found: parse-prometheus-text-format returns one histogram for the whole family: the buckets of the last set of labels, without its labels,
#   and without count and sum. No error is raised.
# Matters for: scripts that check a service's /metrics in Node.js. Counters and gauges of the same text are parsed right.
# Version: parse-prometheus-text-format 1.1.1.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund parse-prometheus-text-format@1.1.1
cat >parse.mjs <<'EOF'
import parse from "parse-prometheus-text-format";
const text = `# TYPE duration_seconds histogram
duration_seconds_bucket{route="/cart",le="0.1"} 1
duration_seconds_bucket{route="/cart",le="+Inf"} 2
duration_seconds_sum{route="/cart"} 0.9
duration_seconds_count{route="/cart"} 2
duration_seconds_bucket{route="/pay",le="0.1"} 5
duration_seconds_bucket{route="/pay",le="+Inf"} 6
duration_seconds_sum{route="/pay"} 3
duration_seconds_count{route="/pay"} 6
`;
console.log(JSON.stringify(parse(text)[0].metrics));
EOF
node parse.mjs | tee found.txt
diff found.txt - <<'EOF'
[{"buckets":{"0.1":"5","+Inf":"6"}}]
EOF
