#!/usr/bin/env bash
# Guess: middleware that measures requests counts a handler that panics as a failure, or not at all, as promhttp of client_golang does.
# Found: go-http-metrics observes the duration in a deferred function, with the status that a response has before anything is written: a panic,
#   after which net/http closes the connection without an answer, is code="200".
# Matters for: objectives of availability. A service whose every request panics is at 100%, and no request has an unknown status.
# Versions: github.com/slok/go-http-metrics 0.13.0, Go 1.26.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

go mod init shop 2>/dev/null
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	metrics "github.com/slok/go-http-metrics/metrics/prometheus"
	"github.com/slok/go-http-metrics/middleware"
	"github.com/slok/go-http-metrics/middleware/std"
)

func main() {
	log.SetOutput(io.Discard)
	measured := middleware.New(middleware.Config{Recorder: metrics.NewRecorder(metrics.Config{})})
	panics := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("raised") })
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.Handler())
	mux.Handle("/raise", std.Handler("raise", measured, panics))
	server := httptest.NewServer(mux)
	defer server.Close()
	_, err := http.Get(server.URL + "/raise")
	fmt.Println("client:", err != nil)
	answer, err := http.Get(server.URL + "/metrics")
	if err != nil {
		panic(err)
	}
	body, _ := io.ReadAll(answer.Body)
	fmt.Print(string(body))
}
EOF
go get github.com/slok/go-http-metrics@v0.13.0 2>/dev/null
go mod tidy 2>/dev/null
go run . >output.txt
echo "the client got an error:"; grep '^client:' output.txt
echo "the metrics:"; grep '^http_request_duration_seconds_count' output.txt
grep -q '^client: true$' output.txt
grep -q '^http_request_duration_seconds_count{code="200",handler="raise",method="GET",service=""} 1$' output.txt
