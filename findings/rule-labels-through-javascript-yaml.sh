#!/usr/bin/env bash
# Guess: a rule file that a Node.js tool reads and writes again has the same labels for Prometheus, or is refused.
# Found: Prometheus takes the text of an unquoted scalar as the label's value: version 1.10 stays "1.10", zone 010 stays "010", build 1e3 stays
#   "1e3". The YAML packages of Node.js make numbers of them and write 1.1, 10 and 1000, which Prometheus takes as other values. Routes,
#   silences and inhibition rules on the old value no longer match.
# Matters for: tools that reformat or generate rule files. Quote the values of labels.
# Versions: Prometheus 3.13.1 (module version 0.313.1), yaml 2.9.1, js-yaml 5.5.0.
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

cat >rules.yaml <<'EOF'
groups:
  - name: g
    rules:
      - alert: A
        expr: vector(1)
        labels: { version: 1.10, zone: 010, build: 1e3 }
EOF
npm init -y >/dev/null
npm install --silent --no-audit --no-fund yaml@2.9.1 js-yaml@5.5.0
cat >again.mjs <<'EOF'
import { readFileSync, writeFileSync } from "node:fs";
import * as jsYaml from "js-yaml";
import * as yaml from "yaml";
const text = readFileSync("rules.yaml", "utf8");
writeFileSync("yaml.yaml", yaml.stringify(yaml.parse(text)));
writeFileSync("js-yaml.yaml", jsYaml.dump(jsYaml.load(text)));
EOF
node again.mjs
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"log/slog"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	for _, file := range []string{"rules.yaml", "yaml.yaml", "js-yaml.yaml"} {
		groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.Default())
		fmt.Println(file, groups.Groups[0].Rules[0].Labels, errs)
	}
}
EOF
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/prometheus@v0.313.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee found.txt
diff found.txt - <<'EOF'
rules.yaml map[build:1e3 version:1.10 zone:010] []
yaml.yaml map[build:1000 version:1.1 zone:10] []
js-yaml.yaml map[build:1000 version:1.1 zone:10] []
EOF
