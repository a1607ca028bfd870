/** A value of the input that the output cannot contain. */
export interface Loss {
  readonly kind: LossKind;
  /** Dotted path from the file's name, such as `shop.yaml.slos[0].alerting.name`. */
  readonly path: string;
  /** The value, for print: at most 80 characters, and never a value that may be secret. */
  readonly value: string;
  /** Why it cannot be converted, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead, as an imperative sentence without its full stop. */
  readonly instead: string;
}

/**
 * All kinds of losses, with the reason and what to do. The table of docs/how-to/move-from-sloth-or-openslo.md has the same
 * content; a test compares them.
 */
export const LOSSES = {
  "unknown-field": {
    what: "a field that the format does not know",
    reason: "the format has no such field",
    instead: "correct its name, or remove it",
  },
  label: {
    what: "a label other than `team` or `owner`",
    reason: "every record and alert has the labels service, slo and team, and no other labels",
    instead: "remove it; Prometheus' external labels distinguish clusters and environments",
  },
  annotation: {
    what: "an annotation of an object",
    reason: "a definition has no annotations",
    instead: "keep it in the documentation of the service",
  },
  "display-name": {
    what: "a display name",
    reason: "a service and an objective have one name",
    instead: "add it to the description",
  },
  description: {
    what: "a description that cannot be stored",
    reason:
      "the description of a service is one line of 5 to 200 characters, and an indicator has no description",
    instead: "write a shorter description in the definition",
  },
  "name-changed": {
    what: "a name that is not a DNS label, or is used already",
    reason: "names are 1 to 40 lower-case letters, digits and hyphens, and unique within a service",
    instead: "use the new name, in silences and dashboards too",
  },
  "second-owner": {
    what: "a second owner of one service",
    reason: "a service has one owner; the first one that was read is used",
    instead: "split the service in two, or choose one owner",
  },
  "alert-name": {
    what: "the name of an alert",
    reason: "the alerts are SLOErrorBudgetBurnFast and SLOErrorBudgetBurnSlow for every objective",
    instead: "select an objective by the labels service and slo, in silences and dashboards too",
  },
  "alert-label": {
    what: "a label of an alert",
    reason: "alerts have the labels severity, service, slo and team, and routes match these",
    instead: "route by team and severity in alertmanager.teams of the environment",
  },
  "alert-annotation": {
    what: "an annotation of an alert",
    reason: "summary, description and runbook_url are generated from the objective",
    instead: "move its text to the runbook",
  },
  "alert-disabled": {
    what: "an alert that is disabled",
    reason: "every objective has a critical alert and a warning",
    instead: "route this severity of the team to a receiver that does not page",
  },
  "rule-interval": {
    what: "an evaluation interval of rules",
    reason: "the evaluation interval is the scrape interval of the environment",
    instead: "set prometheus.scrapeInterval of the environment",
  },
  plugin: {
    what: "an objective whose indicator is made by a plugin",
    reason: "the queries of a plugin are in its code and not in the file",
    instead: "write the queries that it generates as sli.events, and import again",
  },
  "slo-plugin": {
    what: "a plugin of Sloth that changes its rules (`slo_plugins`)",
    reason: "the rules are generated from the objective alone",
    instead: "look up what the plugin changes; minimumErrors and the periods may do the same",
  },
  "alert-duration": {
    what: "how long a condition must last before an alert fires (`for`)",
    reason:
      "two windows decide when a burn rate alert fires and resolves, and another delay would only be added",
    instead: "remove it, or set minimumErrors of the objective if single errors must not page",
  },
  "recording-rule": {
    what: "a recording rule of a PrometheusRule",
    reason: "a definition has no recording rules",
    instead: "keep its group in a rule file, and name the file in rules of the definition",
  },
  "group-setting": {
    what: "`limit`, `query_offset` or `partial_response_strategy` of a rule group",
    reason: "the alerts of a definition are one group without these settings",
    instead: "keep the group in a rule file, and name the file in rules of the definition",
  },
  "alert-query": {
    what: "an alert whose query is no PromQL, or has more than 4,000 characters",
    reason: "a definition is refused with such a query",
    instead: "correct or shorten the query, for example with a recording rule, and import again",
  },
  "alert-severity": {
    what: "a severity other than `critical`, `warning` and `info`",
    reason: "alerts are routed by these severities; page is critical, and any other is a warning",
    instead: "write the severity that is meant",
  },
  "own-alert-name": {
    what: "the name of an alert that is not in PascalCase, that the platform uses, or that another alert has",
    reason: "runbooks, silences and inhibition go by the name",
    instead: "use the new name, in silences and runbooks too",
  },
  "own-alert-label": {
    what: "a label of an alert with a template, or `service`, `alertname` or `slo`",
    reason:
      "the definition sets the service, and a label with the value of a query would change an alert that fires",
    instead: "keep the label in the query, by (…), or remove it",
  },
  "own-alert-annotation": {
    what: "an annotation of an alert other than its summary, its description and an https `runbook_url`",
    reason: "an alert of a definition has these three, and a link to its panel",
    instead: "move its text to the description or the runbook",
  },
  "alert-held": {
    what: "a `for` or `keep_firing_for` of more than two days",
    reason: "an alert that waits for longer notifies too late",
    instead: "write the condition over a longer range, with a short for",
  },
  "alert-text": {
    what: "the end of a summary or a description that is too long",
    reason: "a summary has up to 200 characters, and a description up to 1,000",
    instead: "shorten it, and move the rest to the runbook",
  },
  "native-latency": {
    what: "a latency objective of a native histogram (`latencyNative`)",
    reason:
      "the queries of an imported objective count events, and a native histogram counts them in no series",
    instead: 'write http or grpc with histogram: "native", and objectives.latency with the threshold',
  },
  query: {
    what: "an objective whose query cannot be evaluated over a window",
    reason:
      "rules evaluate a query over several windows; this query has no range that can be replaced, is not valid PromQL, or counts in another way than the other query of the objective",
    instead:
      "write {{.window}} as the range of every selector that counts events, use only rate or only increase, and import again",
  },
  "grouped-series": {
    what: "a query that returns several series (`sum by (…)`, or no aggregation)",
    reason:
      "an objective has one error budget: the counts of several series are added, and ratios are averaged",
    instead: "write one objective for each group that needs its own error budget",
  },
  "fixed-range": {
    what: "a range of fixed length in a query",
    reason: "rules evaluate several windows, so the range was replaced by the window",
    instead: "check that the query is meaningful over 5 minutes and over 1 hour",
  },
  objective: {
    what: "an objective of 100%, with more than four decimals, or too low for its period",
    reason: "its error budget would be zero, or so large that its alerts could never fire",
    instead: "choose an objective from 93.06 to 99.9999 for 30 days, and import again",
  },
  "time-window": {
    what: "a rolling period other than 7, 28, 30 or 90 days",
    reason: "the periods are 7d, 28d, 30d and 90d; the nearest one is used",
    instead: "check that the objective is correct for the new period",
  },
  "calendar-window": {
    what: "a calendar period other than a month in UTC",
    reason: "the only calendar period is a month in UTC; the nearest rolling period is used",
    instead: "compute reports for calendar periods from slo:sli_errors and slo:sli_total",
  },
  "budgeting-method": {
    what: "an error budget of time slices",
    reason: "error budgets count events, and a ratio of time slices is not a ratio of events",
    instead: "decide which percentage of events must succeed, and set it as the objective",
  },
  "threshold-metric": {
    what: "an objective for a value (`thresholdMetric`)",
    reason: "a value above a threshold does not count events",
    instead:
      "count the events below the threshold, for example with a histogram bucket, and import a ratioMetric",
  },
  composite: {
    what: "an objective with several indicators",
    reason: "an objective has one indicator",
    instead: "write one objective for each indicator",
  },
  "foreign-source": {
    what: "an objective or a data source of a system other than Prometheus",
    reason: "Prometheus evaluates every rule",
    instead: "export the metric to Prometheus and write the query in PromQL",
  },
  "source-field": {
    what: "a field of a source other than its query",
    reason: "the only source is the Prometheus of the environment, and it needs only a query",
    instead: "remove it",
  },
  connection: {
    what: "the connection of a data source",
    reason: "rules run on the Prometheus of the environment, which connects to no data source",
    instead: "remove it, and revoke the credentials if they have no other use",
  },
  "alert-policy": {
    what: "an alert policy",
    reason:
      "each objective has two burn rate alerts and one alert for missing data, with windows that depend on its period",
    instead: "compare its condition with the windows in docs/how-to/add-a-service.md",
  },
  "alert-condition": {
    what: "an alert condition",
    reason: "the windows and burn rates of the alerts depend on the objective and its period",
    instead: "compare it with the windows in docs/how-to/add-a-service.md",
  },
  "notification-target": {
    what: "a notification target",
    reason: "receivers are defined in the environment, not in the service",
    instead: "set the receivers of the team in alertmanager.teams of the environment",
  },
  "unused-indicator": {
    what: "an indicator that no objective refers to",
    reason: "only objectives have rules",
    instead: "remove it, or also pass the file of the SLO that uses it",
  },
  scraping: {
    what: "`http`, `grpc`, `worker`, `batch`, `probe` and `scrape`: the scraping or probing of the service",
    reason: "the format has no scrape configuration; the queries are exported",
    instead: "keep the monitor of the service in another file",
  },
  "own-alerts": {
    what: "`alerts` and `rules`: the team's own alerts and rule files",
    reason: "the format has only the alerts of objectives",
    instead: "keep the rules in out/<environment>/prometheus/rules, as a PrometheusRule",
  },
  "own-dashboards": {
    what: "`dashboards`: the team's own dashboards",
    reason: "the format has no dashboards",
    instead: "keep them in out/<environment>/dashboards, for Grafana's import",
  },
  paging: {
    what: "`page: false`: a fast burn opens a ticket",
    reason: "the alerts of the format page, or do not exist",
    instead: "route this severity of the service to a receiver that does not page",
  },
  environments: {
    what: "overrides of an environment, `only` and `except`",
    reason: "a file of the format is valid for one environment",
    instead: "export a file for each environment, with --environment",
  },
  placement: {
    what: "`namespace` and `tier`",
    reason: "the format has no field for the namespace and the tier",
    instead: "pass --namespace and --tier to the import",
  },
  "service-description": {
    what: "the description of the service",
    reason: "the format has a description only for objectives",
    instead: "keep it in the documentation of the service",
  },
  "error-floor": {
    what: "`minimumErrors`: the number of errors below which no alert fires",
    reason: "the alerts of the format have no minimum: with little traffic one error can page",
    instead: "expect more alerts for services with little traffic",
  },
  examples: {
    what: "`examples`: the series for the tests of the alerts",
    reason: "the format has no tests",
    instead: "keep the definition, or the cases in out/<environment>/prometheus/tests",
  },
  unit: {
    what: "`unit`: the name of the counted events",
    reason: "the format has no such field",
    instead: "add it to the description of the objective",
  },
  period: {
    what: "`period` other than 30d",
    reason: "the period is an option of sloth generate and not part of its file",
    instead: "pass --default-slo-period to sloth generate",
  },
} as const satisfies Readonly<Record<string, { what: string; reason: string; instead: string }>>;

export type LossKind = keyof typeof LOSSES;
