package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
)

// alert is one alerting rule, evaluated by Prometheus' own code, and the series that it wrote last: ALERTS and ALERTS_FOR_STATE.
type alert struct {
	*rules.AlertingRule
	from     time.Time
	interval time.Duration
	written  map[string]labels.Labels
}

func parseAlerts(promQL parser.Parser, request Request) ([]*alert, error) {
	var alerts []*alert
	for _, file := range request.Rules {
		if file.AlertsFrom == 0 {
			continue
		}
		groups, errs := rulefmt.ParseFile(file.File, false, model.UTF8Validation, promQL, slog.Default())
		if len(errs) > 0 {
			return nil, errors.Join(errs...)
		}
		for _, group := range groups.Groups {
			interval := time.Duration(group.Interval)
			if interval == 0 {
				interval = time.Duration(request.Step) * time.Second
			}
			for _, each := range group.Rules {
				if each.Alert == "" {
					continue
				}
				condition, err := promQL.ParseExpr(each.Expr)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", each.Alert, err)
				}
				alerts = append(alerts, &alert{
					// Without annotations, which no series holds.
					AlertingRule: rules.NewAlertingRule(each.Alert, condition, time.Duration(each.For), time.Duration(each.KeepFiringFor),
						labels.FromMap(each.Labels), labels.EmptyLabels(), labels.EmptyLabels(), "", true, slog.New(slog.DiscardHandler)),
					from:     time.Unix(file.AlertsFrom, 0),
					interval: interval,
					written:  map[string]labels.Labels{},
				})
			}
		}
	}
	return alerts, nil
}

// alert evaluates the alerting rules moment by moment, in their order, so that each finds the alerts of the moment before.
func (h history) alert(ctx context.Context, alerts []*alert, from, to time.Time) error {
	query := rules.EngineQueryFunc(h.engine, h.db)
	for at := from; !at.After(to); at = at.Add(h.step) {
		appender := h.db.Appender(ctx)
		for _, each := range alerts {
			if at.Before(each.from) || at.Sub(each.from)%each.interval != 0 {
				continue
			}
			if err := each.evaluate(ctx, appender, query, at); err != nil {
				return errors.Join(fmt.Errorf("%s: %w", each.Name(), err), appender.Rollback())
			}
		}
		if err := appender.Commit(); err != nil {
			return err
		}
	}
	return nil
}

func (a *alert) evaluate(ctx context.Context, appender storage.Appender, query rules.QueryFunc, at time.Time) error {
	found, err := a.Eval(ctx, 0, at, query, &url.URL{}, 0)
	if err != nil {
		return err
	}
	now := map[string]labels.Labels{}
	for _, sample := range found {
		if _, err := appender.Append(0, sample.Metric, at.UnixMilli(), sample.F); err != nil {
			return err
		}
		now[sample.Metric.String()] = sample.Metric
	}
	for key, name := range a.written {
		if _, stays := now[key]; stays {
			continue
		}
		if err := stale(appender, name, at.UnixMilli()); err != nil {
			return err
		}
	}
	a.written = now
	return nil
}
