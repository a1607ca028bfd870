#!/usr/bin/env bash
# Guess: the difference of a native histogram now and 30 seconds ago exists whenever both exist: after a counter reset too, it is their
#   difference, or at least the same as their sum with the sign of one changed.
# Found: if the older value is the first one after a counter reset, `a - b` has no result, and `a + -1 * b` has the expected one. Floats have
#   no such case. The reason is that the two values have different hints about counter resets; a negative histogram has none.
# Matters for: recording rules about steps of native histograms. For a scrape after each restart of a process, a rule with `-` records nothing.
# Version: Prometheus 3.13.1 (module version 0.313.1).
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

cat >main.go <<'EOF2'
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
)

func main() {
	database, err := tsdb.Open("data", nil, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		panic(err)
	}
	appender := database.Appender(context.Background())
	series := labels.FromStrings("__name__", "h")
	for scrape, count := range []uint64{1000, 1000, 60, 60} {
		value := &histogram.Histogram{Schema: 3, Count: count, Sum: 1, PositiveSpans: []histogram.Span{{Offset: 0, Length: 1}}, PositiveBuckets: []int64{int64(count)}}
		if _, err := appender.AppendHistogram(0, series, int64(scrape)*30000, value, nil); err != nil {
			panic(err)
		}
	}
	if err := appender.Commit(); err != nil {
		panic(err)
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1000, Timeout: time.Minute, Parser: parser.NewParser(parser.Options{})})
	for _, expression := range []string{
		"histogram_count(last_over_time(h[90s] offset 30s))",
		"histogram_count(last_over_time(h[30s]) - last_over_time(h[90s] offset 30s))",
		"histogram_count(last_over_time(h[30s]) + -1 * last_over_time(h[90s] offset 30s))",
	} {
		query, err := engine.NewInstantQuery(context.Background(), database, nil, expression, time.UnixMilli(90000))
		if err != nil {
			panic(err)
		}
		fmt.Println(expression, "=>", query.Exec(context.Background()).Value)
	}
}
EOF2
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/prometheus@v0.313.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | sed 's/ *$//' | tee found.txt
diff found.txt - <<'EOF2'
histogram_count(last_over_time(h[90s] offset 30s)) => {} => 60 @[90000]
histogram_count(last_over_time(h[30s]) - last_over_time(h[90s] offset 30s)) =>
histogram_count(last_over_time(h[30s]) + -1 * last_over_time(h[90s] offset 30s)) => {} => 0 @[90000]
EOF2
