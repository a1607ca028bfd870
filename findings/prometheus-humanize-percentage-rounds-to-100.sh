#!/usr/bin/env bash
# Guess: humanizePercentage in an alert's annotation shows an availability of 99.999% as such.
# Found: it keeps four significant digits. From 99.995% on it says 100%, so an alert can say "availability is 100%, below 99.999%". The share
#   of errors, 0.001%, keeps its digits. humanize says 1000k for 999,999.
# Matters for: messages about objectives of 99.95% and stricter. Show the share of errors, or format with printf.
# Version: Prometheus 3.13.1 (module version 0.313.1).
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/prometheus/prometheus/template"
)

func main() {
	for _, text := range []string{
		`{{ 0.99994 | humanizePercentage }}`, `{{ 0.99999 | humanizePercentage }}`, `{{ 0.00001 | humanizePercentage }}`, `{{ 999999 | humanize }}`,
	} {
		out, err := template.NewTemplateExpander(context.Background(), text, "finding", nil, 0, nil, &url.URL{}, nil).Expand()
		fmt.Println(text, out, err)
	}
}
EOF
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/prometheus@v0.313.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee found.txt
diff found.txt - <<'EOF'
{{ 0.99994 | humanizePercentage }} 99.99% <nil>
{{ 0.99999 | humanizePercentage }} 100% <nil>
{{ 0.00001 | humanizePercentage }} 0.001% <nil>
{{ 999999 | humanize }} 1000k <nil>
EOF
