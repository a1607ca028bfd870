#!/usr/bin/env bash
# Guess: a detail of a PagerDuty notification is text, whatever the alert's annotation says.
# Found: Alertmanager reads the expanded template as YAML. A description that begins with a bracket becomes a list, one like "a: b" becomes
#   an object, and a number in quotes a number. An annotation that a team writes decides the type of the field at PagerDuty.
# Matters for: event rules at PagerDuty that compare a detail as text. Begin the detail's template with a word and a sentence.
# Version: Alertmanager 0.35.0.
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

cat >main.go <<'EOF'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/notify/pagerduty"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
)

const file = `
route: {receiver: pager}
receivers:
  - name: pager
    pagerduty_configs:
      - {routing_key: k, url: "%s", details: {description: '{{ (index .Alerts 0).Annotations.description }}'}}
`

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var event struct {
			Payload struct {
				Details map[string]any `json:"custom_details"`
			}
		}
		_ = json.Unmarshal(body, &event)
		fmt.Printf("%T\n", event.Payload.Details["description"])
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	c, err := config.Load(fmt.Sprintf(file, server.URL))
	if err != nil {
		panic(err)
	}
	t, err := template.FromGlobs(nil)
	if err != nil {
		panic(err)
	}
	t.ExternalURL, _ = url.Parse("http://localhost")
	n, err := pagerduty.New(c.Receivers[0].PagerdutyConfigs[0], t, promslog.NewNopLogger())
	if err != nil {
		panic(err)
	}
	ctx := notify.WithGroupKey(context.Background(), "1")
	for _, text := range []string{"checkout fails", "[eu] checkout fails", "cause: checkout", "42"} {
		fmt.Printf("%s: ", text)
		a := &alert.Alert{Alert: model.Alert{Annotations: model.LabelSet{"description": model.LabelValue(text)}, StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}}
		if v := n.Notify(ctx, a); v.Err() != nil {
			fmt.Println(v.Err())
		}
	}
}
EOF
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/alertmanager@v0.35.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee found.txt
diff found.txt - <<'EOF'
checkout fails: string
[eu] checkout fails: []interface {}
cause: checkout: map[string]interface {}
42: float64
EOF
