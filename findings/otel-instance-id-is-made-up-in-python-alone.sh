#!/usr/bin/env bash
# Guess: the SDKs of OpenTelemetry agree on what identifies an instance: each makes up a service.instance.id, or none does.
# Found: the SDK for Python makes one up for each process, those for Go and JavaScript have none. Prometheus makes the label `instance` of that
#   attribute: two pods of a service in Go or JavaScript write the same series of its OTLP receiver, and two pods in Python do not.
# Matters for: counters that are pushed to Prometheus by several pods. Set service.instance.id in OTEL_RESOURCE_ATTRIBUTES in every language.
# Version: opentelemetry-sdk 1.45.2 (Python), go.opentelemetry.io/otel/sdk 1.47.0, @opentelemetry/resources 2.12.1.
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"
unset OTEL_RESOURCE_ATTRIBUTES OTEL_SERVICE_NAME

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check opentelemetry-sdk==1.45.2
cat >main.py <<'PY'
from opentelemetry.sdk.resources import Resource
print("python:", "service.instance.id" in Resource.create().attributes)
PY

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/resources@2.12.1 @opentelemetry/api@1.9.0 >/dev/null
cat >main.js <<'JS'
const { defaultResource } = require("@opentelemetry/resources");
console.log("javascript:", "service.instance.id" in defaultResource().attributes);
JS

cat >main.go <<'GO'
package main

import (
	"fmt"

	"go.opentelemetry.io/otel/sdk/resource"
)

func main() {
	_, found := resource.Default().Set().Value("service.instance.id")
	fmt.Println("go:", found)
}
GO
go mod init finding >/dev/null 2>&1
go get go.opentelemetry.io/otel/sdk@v1.47.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1

{ python/bin/python main.py; node main.js; go run .; } | tee found.txt
diff found.txt - <<'FOUND'
python: True
javascript: false
go: false
FOUND
