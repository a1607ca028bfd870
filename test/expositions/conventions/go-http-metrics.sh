#!/usr/bin/env bash
# library: github.com/slok/go-http-metrics 0.13.0
# with: its middleware for net/http, Go 1.26
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
	metrics "github.com/slok/go-http-metrics/metrics/prometheus"
	"github.com/slok/go-http-metrics/middleware"
	"github.com/slok/go-http-metrics/middleware/std"
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
	measured := middleware.New(middleware.Config{Recorder: metrics.NewRecorder(metrics.Config{})})
	served := http.NewServeMux()
	routes(served)
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.Handler())
	mux.Handle("/", std.Handler("", measured, served))
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux)
}
EOF
go get github.com/slok/go-http-metrics@v0.13.0 2>/dev/null
go mod tidy 2>/dev/null
go build -o server .
exec ./server
