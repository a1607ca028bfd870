// Command history writes what a Prometheus would hold had it scraped given series and evaluated given rules all along: a
// data directory for a real Prometheus of the same version, filled in seconds for what takes a month to happen.
//
// It reads one JSON document on standard input; see type Request. Rules run through Prometheus' own engine in the order of
// the file, an hour of steps at a time, so that each finds the records of those before it. This is what `promtool tsdb
// create-blocks-from rules` does too, but promtool needs a server, and a restart of it wherever one rule reads another's record.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/version"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Request says what happened.
type Request struct {
	// Folder is the data directory, which must be empty or missing.
	Folder string `json:"folder"`
	// Start and End are Unix times in seconds; the first sample of every series is at Start.
	Start int64 `json:"start"`
	End   int64 `json:"end"`
	// Step is the seconds between two scrapes, and between two evaluations of a group that has no interval of its own.
	Step int64 `json:"step"`
	// Series are what is scraped, in promtool's notation, native histograms included: `up{job="a"} 1x10 _ 0+5x10 stale`.
	Series []string `json:"series"`
	Rules  []Rules  `json:"rules"`
	// Block is the longest block in seconds. Default: 31 days.
	Block int64 `json:"block"`
}

// Rules is a file of rules and the moment from which its recording rules are evaluated. Its alerting rules are evaluated from
// AlertsFrom on, and left out where that is 0.
type Rules struct {
	File       string `json:"file"`
	From       int64  `json:"from"`
	AlertsFrom int64  `json:"alertsFrom"`
}

// A head takes samples that are at most an hour older than its newest, so no more than that may be written at a time.
const stretch = time.Hour

// The limits and the look-back are Prometheus' defaults, except for the samples of one query: an hour of steps is one query
// here, and would be 120 of them there.
var engineOptions = promql.EngineOpts{
	MaxSamples:           1_000_000_000,
	Timeout:              time.Hour,
	LookbackDelta:        5 * time.Minute,
	EnableAtModifier:     true,
	EnableNegativeOffset: true,
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Printf("history, version %s\n", version.Version)
		return
	}
	var request Request
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		exit(fmt.Errorf("standard input: %w", err))
	}
	if err := write(context.Background(), request); err != nil {
		exit(err)
	}
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "history:", err)
	os.Exit(1)
}

func write(ctx context.Context, request Request) (err error) {
	promQL := parser.NewParser(parser.Options{})
	scraped, err := parseSeries(promQL, request.Series)
	if err != nil {
		return err
	}
	recorded, err := parseRules(promQL, request)
	if err != nil {
		return err
	}
	alerting, err := parseAlerts(promQL, request)
	if err != nil {
		return err
	}
	quiet := slog.New(slog.DiscardHandler)
	options := tsdb.DefaultOptions()
	options.RetentionDuration = 0
	// Blocks as Prometheus makes them, which grow to a tenth of a long retention.
	options.MaxBlockDuration = (31 * 24 * time.Hour).Milliseconds()
	if request.Block > 0 {
		options.MaxBlockDuration = request.Block * 1000
	}
	db, err := tsdb.Open(request.Folder, quiet, nil, options, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.DisableCompactions()

	history := history{
		db:     db,
		engine: promql.NewEngine(withParser(engineOptions, promQL)),
		start:  time.Unix(request.Start, 0),
		step:   time.Duration(request.Step) * time.Second,
	}
	end := time.Unix(request.End, 0)
	for from := history.start; !from.After(end); from = from.Add(stretch) {
		// The next stretch begins a whole step later, so that no moment is written twice.
		to := from.Add(stretch - history.step)
		if to.After(end) {
			to = end
		}
		if err := history.scrape(ctx, scraped, from, to); err != nil {
			return err
		}
		for _, rule := range recorded {
			if err := history.evaluate(ctx, rule, from, to); err != nil {
				return err
			}
		}
		if err := history.alert(ctx, alerting, from, to); err != nil {
			return err
		}
		if err := db.Compact(ctx); err != nil {
			return err
		}
	}
	return nil
}

func withParser(options promql.EngineOpts, promQL parser.Parser) promql.EngineOpts {
	options.Parser = promQL
	return options
}

type history struct {
	db     *tsdb.DB
	engine *promql.Engine
	start  time.Time
	step   time.Duration
}

// series is one scraped series; a value that is left out is a scrape that failed.
type series struct {
	labels labels.Labels
	// The number of the scrape that the first value belongs to.
	first  int
	values []parser.SequenceValue
}

// A series that begins later is written with that many values left out in front. The parser would make a value of each, which are tens of
// thousands for a series that begins weeks later.
var beginsLater = regexp.MustCompile(`^([^{]*\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}) _x(\d+) (.*)$`)

func parseSeries(promQL parser.Parser, descriptions []string) ([]series, error) {
	parsed := make([]series, 0, len(descriptions))
	for _, description := range descriptions {
		first := 0
		if parts := beginsLater.FindStringSubmatch(description); parts != nil {
			number, err := strconv.Atoi(parts[2])
			if err != nil {
				return nil, fmt.Errorf("series: %w", err)
			}
			first, description = number, parts[1]+" "+parts[3]
		}
		name, values, err := promQL.ParseSeriesDesc(description)
		if err != nil {
			return nil, fmt.Errorf("series: %w", err)
		}
		parsed = append(parsed, series{name, first, values})
	}
	return parsed, nil
}

// rule is one recording rule and what it wrote last.
type rule struct {
	rulefmt.Rule
	from     time.Time
	interval time.Duration
	// The moment of the newest sample of each series that is not stale, by the labels' text.
	newest map[string]written
}

type written struct {
	labels labels.Labels
	at     int64
}

func parseRules(promQL parser.Parser, request Request) ([]*rule, error) {
	var recorded []*rule
	for _, rules := range request.Rules {
		groups, errs := rulefmt.ParseFile(rules.File, false, model.UTF8Validation, promQL, slog.Default())
		if len(errs) > 0 {
			return nil, errors.Join(errs...)
		}
		for _, group := range groups.Groups {
			interval := time.Duration(group.Interval)
			if interval == 0 {
				interval = time.Duration(request.Step) * time.Second
			}
			if stretch%interval != 0 {
				return nil, fmt.Errorf("group %s: an hour is no multiple of its interval", group.Name)
			}
			for _, each := range group.Rules {
				if each.Record != "" {
					recorded = append(recorded, &rule{each, time.Unix(rules.From, 0), interval, map[string]written{}})
				}
			}
		}
	}
	return recorded, nil
}

func (h history) scrape(ctx context.Context, scraped []series, from, to time.Time) error {
	appender := h.db.Appender(ctx)
	first, last := int(from.Sub(h.start)/h.step), int(to.Sub(h.start)/h.step)
	for _, each := range scraped {
		var reference storage.SeriesRef
		var err error
		for i := max(first, each.first); i <= last && i < each.first+len(each.values); i++ {
			sample := each.values[i-each.first]
			if sample.Omitted {
				continue
			}
			at := h.start.Add(time.Duration(i) * h.step).UnixMilli()
			if sample.Histogram != nil {
				reference, err = appender.AppendHistogram(reference, each.labels, at, nil, sample.Histogram)
			} else {
				reference, err = appender.Append(reference, each.labels, at, sample.Value)
			}
			if err != nil {
				return errors.Join(fmt.Errorf("%s: %w", each.labels, err), appender.Rollback())
			}
		}
	}
	return appender.Commit()
}

func (h history) evaluate(ctx context.Context, rule *rule, from, to time.Time) error {
	if from.Before(rule.from) {
		from = rule.from
	}
	if from.After(to) {
		return nil
	}
	query, err := h.engine.NewRangeQuery(ctx, h.db, nil, rule.Expr, from, to, rule.interval)
	if err != nil {
		return fmt.Errorf("%s: %w", rule.Record, err)
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return fmt.Errorf("%s: %w", rule.Record, result.Err)
	}
	matrix, err := result.Matrix()
	if err != nil {
		return fmt.Errorf("%s: %w", rule.Record, err)
	}
	appender := h.db.Appender(ctx)
	for _, found := range matrix {
		if err := rule.append(appender, rule.named(found.Metric), found.Floats); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", rule.Record, err), appender.Rollback())
		}
	}
	if err := rule.end(appender, to); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", rule.Record, err), appender.Rollback())
	}
	return appender.Commit()
}

func (r *rule) named(found labels.Labels) labels.Labels {
	builder := labels.NewBuilder(found)
	builder.Set(labels.MetricName, r.Record)
	for name, text := range r.Labels {
		builder.Set(name, text)
	}
	return builder.Labels()
}

// append writes a record, and where it pauses the marker that Prometheus writes: without one, whoever reads the record
// would find the last value for five minutes more.
func (r *rule) append(appender storage.Appender, name labels.Labels, points []promql.FPoint) error {
	step := r.interval.Milliseconds()
	key := name.String()
	last, known := r.newest[key]
	for _, point := range points {
		if known && point.T > last.at+step {
			if err := stale(appender, name, last.at+step); err != nil {
				return err
			}
		}
		if _, err := appender.Append(0, name, point.T, point.F); err != nil {
			return err
		}
		last, known = written{name, point.T}, true
	}
	r.newest[key] = last
	return nil
}

// end marks the series that ended before the stretch did.
func (r *rule) end(appender storage.Appender, to time.Time) error {
	step := r.interval.Milliseconds()
	for key, last := range r.newest {
		if last.at+step > to.UnixMilli() {
			continue
		}
		if err := stale(appender, last.labels, last.at+step); err != nil {
			return err
		}
		delete(r.newest, key)
	}
	return nil
}

func stale(appender storage.Appender, name labels.Labels, at int64) error {
	_, err := appender.Append(0, name, at, math.Float64frombits(value.StaleNaN))
	return err
}
