#!/usr/bin/env bash
# Guess: lezer-promql, the grammar of Prometheus' own editor, gives an expression the shape that Prometheus evaluates.
# Found: an offset or an @ modifier at the end of a binary operation belongs to the whole operation in lezer-promql, and to the right operand
#   alone in Prometheus; and -1 ^ 2 is (-1) ^ 2 in lezer-promql and -(1 ^ 2) in Prometheus. Tools that read selectors and their offsets from
#   the tree read `requests / requests offset 1d` as both offset.
# Matters for: linters and dashboards that are built on lezer-promql.
# Versions: @prometheus-io/lezer-promql 0.315.0; Prometheus' parser at the module version 0.313.1.
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @prometheus-io/lezer-promql@0.315.0 @lezer/lr@1.4.12 @lezer/common@1.5.5
cat >tree.mjs <<'EOF'
import { parser } from "@prometheus-io/lezer-promql";
for (const query of ["requests / requests offset 1d", "requests - requests @ 100", "-1 ^ 2"]) {
  const top = parser.parse(query).topNode.firstChild;
  console.log(`${query}: ${top.name}(${top.firstChild.name} ...)`);
}
EOF
node tree.mjs | tee lezer.txt
diff lezer.txt - <<'EOF'
requests / requests offset 1d: OffsetExpr(BinaryExpr ...)
requests - requests @ 100: StepInvariantExpr(BinaryExpr ...)
-1 ^ 2: BinaryExpr(NumberDurationLiteral ...)
EOF

cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	for _, query := range []string{"requests / requests offset 1d", "requests - requests @ 100", "-1 ^ 2"} {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %T\n", query, expr)
	}
}
EOF
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/prometheus@v0.313.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee prometheus.txt
diff prometheus.txt - <<'EOF'
requests / requests offset 1d: *parser.BinaryExpr
requests - requests @ 100: *parser.BinaryExpr
-1 ^ 2: *parser.UnaryExpr
EOF
