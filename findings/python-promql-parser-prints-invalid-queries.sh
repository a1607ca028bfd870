#!/usr/bin/env bash
# Guess: what the Python package promql-parser prints of a query that it parsed is the same query, as Prometheus would parse it.
# Found: str() leaves a quote in a label's value without its escape, and drops the colon of a subquery without a step, which makes it a range
#   selector on an aggregation. The package itself does not parse what it printed.
# Matters for: scripts that rewrite rules in Python.
# Version: promql-parser 0.12.0.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet promql-parser==0.12.0
cat >print.py <<'EOF'
import promql_parser

def again(text):
    try:
        promql_parser.parse(text)
        return "parses"
    except ValueError:
        return "does not parse"

for query in ['up{path="a\\"b"}', "sum(up)[1h:]"]:
    text = str(promql_parser.parse(query))
    print(f"{query} -> {text}: {again(text)}")
EOF
venv/bin/python print.py | tee found.txt
diff found.txt - <<'EOF'
up{path="a\"b"} -> up{path="a"b"}: does not parse
sum(up)[1h:] -> sum(up{})[1h]: does not parse
EOF
