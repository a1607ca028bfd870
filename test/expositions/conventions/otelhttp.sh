#!/usr/bin/env bash
# library: otelhttp 0.72.0
# with: OpenTelemetry for Go, its exporter for Prometheus 0.69.0, net/http of Go 1.26
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
go mod init shop 2>/dev/null
cat >main.go <<'EOF'
package main

import (
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
)

func routes(mux *http.ServeMux) {
	answer := func(status int, after time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { time.Sleep(after); w.WriteHeader(status) }
	}
	mux.HandleFunc("GET /ok", answer(200, 0))
	mux.HandleFunc("GET /slow", answer(200, 1200*time.Millisecond))
	mux.HandleFunc("GET /bad", answer(400, 0))
	mux.HandleFunc("GET /fail", answer(503, 0))
	mux.HandleFunc("GET /raise", func(http.ResponseWriter, *http.Request) { panic("raised") })
	mux.HandleFunc("GET /orders/{order}", answer(200, 0))
	mux.HandleFunc("GET /hang", answer(200, 2*time.Second))
}

func main() {
	reader, err := prometheus.New()
	if err != nil {
		panic(err)
	}
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))
	served := http.NewServeMux()
	routes(served)
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.Handler())
	mux.Handle("/", otelhttp.NewHandler(served, "server"))
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux)
}
EOF
go get go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp@v0.72.0 go.opentelemetry.io/otel/exporters/prometheus@v0.69.0 2>/dev/null
go mod tidy 2>/dev/null
go build -o server .
exec ./server
