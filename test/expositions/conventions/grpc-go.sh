#!/usr/bin/env bash
# library: grpc-go 1.85.0
# with: its package stats/opentelemetry, the exporter of OpenTelemetry for Prometheus 0.69.0
# asked: ok slow bad fail unknown hang
set -euo pipefail
go mod init shop 2>/dev/null
cat >main.go <<'EOF'
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"google.golang.org/grpc/stats/opentelemetry"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
)

type orders any

func method(name string, after time.Duration, err error) grpc.MethodDesc {
	return grpc.MethodDesc{MethodName: name, Handler: func(server any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		if err := decode(&emptypb.Empty{}); err != nil {
			return nil, err
		}
		handle := func(context.Context, any) (any, error) { time.Sleep(after); return &emptypb.Empty{}, err }
		if intercept == nil {
			return handle(ctx, nil)
		}
		return intercept(ctx, nil, &grpc.UnaryServerInfo{Server: server, FullMethod: "/shop.Orders/" + name}, handle)
	}}
}

var service = grpc.ServiceDesc{ServiceName: "shop.Orders", HandlerType: (*orders)(nil), Methods: []grpc.MethodDesc{
	method("ok", 0, nil), method("slow", 1200*time.Millisecond, nil), method("hang", 2*time.Second, nil),
	method("bad", 0, status.Error(codes.InvalidArgument, "bad")), method("fail", 0, status.Error(codes.Unavailable, "fail")),
}}

func options() []grpc.ServerOption {
	reader, err := prometheus.New()
	if err != nil {
		panic(err)
	}
	metrics := opentelemetry.MetricsOptions{MeterProvider: metric.NewMeterProvider(metric.WithReader(reader))}
	return []grpc.ServerOption{opentelemetry.ServerOption(opentelemetry.Options{MetricsOptions: metrics})}
}

func main() {
	server := grpc.NewServer(options()...)
	server.RegisterService(&service, struct{}{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go server.Serve(listener)
	client, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	http.Handle("/metrics", promhttp.Handler())
	// A client that calls what it is asked for, and does not wait for long for what hangs.
	http.HandleFunc("/{method}", func(w http.ResponseWriter, r *http.Request) {
		wait := 10 * time.Second
		if r.PathValue("method") == "hang" {
			wait = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		defer cancel()
		client.Invoke(ctx, "/shop.Orders/"+r.PathValue("method"), &emptypb.Empty{}, &emptypb.Empty{})
	})
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
}
EOF
go get google.golang.org/grpc@v1.85.0 go.opentelemetry.io/otel/exporters/prometheus@v0.69.0 2>/dev/null
go mod tidy 2>/dev/null
go build -o server .
exec ./server
