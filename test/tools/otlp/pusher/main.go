// Command pusher counts HTTP requests with OpenTelemetry's SDK for Go and pushes them by OTLP, as a service does. The endpoint, the
// resource, the interval, the temporality and the form of histograms come from the variables of OpenTelemetry alone.
//
// Each line of standard input is a JSON array of requests, which are recorded at once. At the end of the input the SDK is shut down, which
// pushes what is left. Whatever the receiver refuses is on standard error, and the exit code is 1.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
)

// Requests are answered alike.
type Requests struct {
	Count   int     `json:"count"`
	Status  int     `json:"status"`
	Seconds float64 `json:"seconds"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var refused atomic.Bool
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		refused.Store(true)
		fmt.Fprintln(os.Stderr, err)
	}))
	exporter, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return err
	}
	provider := sdk.NewMeterProvider(sdk.WithReader(sdk.NewPeriodicReader(exporter)))
	var options []metric.Float64HistogramOption
	if os.Getenv("BOUNDARIES") != "" {
		var boundaries []float64
		if err := json.Unmarshal([]byte(os.Getenv("BOUNDARIES")), &boundaries); err != nil {
			return err
		}
		options = append(options, metric.WithExplicitBucketBoundaries(boundaries...))
	}
	options = append(options, metric.WithUnit("s"))
	durations, err := provider.Meter("http").Float64Histogram("http.server.request.duration", options...)
	if err != nil {
		return err
	}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var requests []Requests
		if err := json.Unmarshal(input.Bytes(), &requests); err != nil {
			return err
		}
		for _, each := range requests {
			attributes := metric.WithAttributeSet(attribute.NewSet(
				attribute.String("http.request.method", "GET"),
				attribute.String("http.route", "/orders"),
				attribute.Int("http.response.status_code", each.Status),
			))
			for range each.Count {
				durations.Record(ctx, each.Seconds, attributes)
			}
		}
	}
	if err := input.Err(); err != nil {
		return err
	}
	ending, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := provider.Shutdown(ending); err != nil {
		return err
	}
	if refused.Load() {
		return fmt.Errorf("the receiver refused something")
	}
	return nil
}
