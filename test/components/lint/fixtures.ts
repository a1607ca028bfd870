import type { WrittenRule } from "../../../components/core/rules.ts";
import type { SourcedGroup } from "../../../components/lint/rule.ts";
import type { ScrapedJob, Surroundings } from "../../../components/lint/surroundings.ts";

/** Rules that a check must catch, and what it must say; or, without that, rules that every check must let through. */
export interface Fixture {
  readonly title: string;
  readonly groups: readonly SourcedGroup[];
  readonly says?: string;
}

const DAY = 86_400;

function job(name: string, interval = 30, dropped: readonly RegExp[] = []): ScrapedJob {
  return { name, interval, dropped };
}

export const SURROUNDINGS: Surroundings = {
  jobs: [
    job("prometheus"),
    job("alertmanager"),
    job("node-exporter"),
    job("kube-state-metrics"),
    job("kubelet"),
    job("cadvisor", 30, [/^(?:container_fs_io_.*)$/]),
    job("apiserver"),
    job("storefront"),
    job("batch", 120),
  ],
  scrapeInterval: 30,
  evaluationInterval: 30,
  retention: 30 * DAY,
  externalLabels: ["cluster", "environment"],
  routingLabels: ["environment", "service", "severity", "team"],
  ownerLabel: "team",
  complete: true,
};

/** An alert that every check lets through, but for its query. */
export function alert(expr: string, more: Partial<WrittenRule> = {}): WrittenRule {
  return {
    alert: "Example",
    expr,
    for: "5m",
    labels: { severity: "warning", team: "shop" },
    annotations: { summary: "Something is wrong", runbook_url: "https://example.com/runbooks/Example.md" },
    ...more,
  };
}

function record(name: string, expr: string, labels: Readonly<Record<string, string>> = {}): WrittenRule {
  return { record: name, expr, labels };
}

export function group(name: string, ...rules: readonly WrittenRule[]): SourcedGroup {
  return { source: "example", name, rules };
}

function bad(title: string, says: string, ...rules: readonly WrittenRule[]): Fixture {
  return { title, says, groups: [group("one", ...rules)] };
}

function good(title: string, ...rules: readonly WrittenRule[]): Fixture {
  return { title, groups: [group("one", ...rules)] };
}

const summary = (text: string): Partial<WrittenRule> => ({
  annotations: { summary: text, runbook_url: "https://example.com" },
});

const ERRORS = `http_requests_total{job="storefront", code=~"5.."}`;
const REQUESTS = `http_requests_total{job="storefront"}`;

/** For each check what it must catch and what it must not. */
export const FIXTURES: Readonly<Record<string, readonly Fixture[]>> = {
  "readable-query": [
    bad("brackets that do not close", "is no PromQL from offset", alert("sum(up > 0")),
    bad("nothing at all", "has an empty query", alert("")),
    bad(
      "a duration that nobody knows",
      "has a for that is no duration",
      alert(`up{job="storefront"} == 0`, { for: "5 minutes" }),
    ),
    good("a comment above the query", alert(`# The shop's own\nup{job="storefront"} == 0`)),
  ],
  "scrape-source": [
    bad(
      "a job without a monitor",
      "of the job strofront, which no monitor",
      alert(`up{job="strofront"} == 0`),
    ),
    bad("a program that is not scraped", "coredns exposes", alert("coredns_panics_total > 0")),
    bad(
      "a metric of another program",
      "asks the job node-exporter for kube_node_status_capacity, which kube-state-metrics exposes",
      alert(`kube_node_status_capacity{job="node-exporter"} > 1`),
    ),
    bad(
      "a metric that its monitor throws away",
      "which the monitor of cadvisor drops",
      alert(`container_fs_io_current{job="cadvisor"} > 10`),
    ),
    bad("a record that nobody records", "which no rule records", alert("job:requests:rate5m > 10")),
    bad(
      "a record asked for with other labels",
      "no rule records it with",
      record("job:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`, { service: "storefront" }),
      alert(`job:requests:rate5m{service="checkout"} > 10`),
    ),
    good("the job of a service", alert(`up{job="storefront"} == 0`)),
    good("any of some jobs", alert(`up{job=~"storefront|checkout"} == 0`)),
    good(
      "a record that is recorded",
      record("job:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`, { service: "storefront" }),
      alert(`job:requests:rate5m{service="storefront"} > 10`),
    ),
  ],
  "reachable-threshold": [
    bad(
      "per cent of a share",
      "compares > 5 what lies between 0 and 1",
      alert(`sum(rate(${ERRORS}[5m])) / (sum(rate(${REQUESTS}[5m])) > 0) > 5`),
    ),
    bad(
      "a burn factor times a budget above 1",
      "compares > 1.44 what lies between 0 and 1",
      record("shop:errors:rate1h", `sum(rate(${ERRORS}[1h])) or 0 * sum(rate(${REQUESTS}[1h]))`),
      record("shop:requests:rate1h", `sum(rate(${REQUESTS}[1h]))`),
      alert("shop:errors:rate1h / (shop:requests:rate1h > 0) > (14.4 * 0.1)"),
    ),
    bad(
      "more than all",
      "compares > 1",
      alert(`max by (pod) (kube_pod_status_ready{condition="false"}) > 1`),
    ),
    bad("fewer than none", "compares < 0", alert(`sum(rate(${REQUESTS}[5m])) < 0`)),
    bad("a count of nothing", "compares == 0", alert(`count(up{job="storefront"} == 1) == 0`)),
    bad("the number first", "compares > 1.5", alert(`1.5 < avg(up{job="storefront"})`)),
    good("a share", alert(`sum(rate(${ERRORS}[5m])) / (sum(rate(${REQUESTS}[5m])) > 0) > 0.05`)),
    good("a share in per cent", alert(`100 * avg(up{job="storefront"}) < 50`)),
    good("a quotient of two things", alert(`sum(rate(${REQUESTS}[5m])) / count(up{job="storefront"}) > 100`)),
  ],
  "alert-condition": [
    bad("no comparison", "has no condition", alert(`rate(${REQUESTS}[5m])`)),
    bad("a comparison that filters nothing", "has no condition", alert(`up{job="storefront"} == bool 0`)),
    bad("one branch without", "has no condition", alert(`up{job="storefront"} == 0 or vector(1)`)),
    good("a heartbeat", alert("vector(1)", { labels: { severity: "none", team: "shop" } })),
    good("absence", alert(`absent(up{job="storefront"})`)),
    good(
      "what is left over",
      alert(`kube_pod_info{job="kube-state-metrics"} unless on (pod) kube_pod_owner`),
    ),
  ],
  "rate-window": [
    bad(
      "two scrapes",
      "over 1m of http_requests_total",
      alert(`rate(http_requests_total{job="storefront"}[1m]) > 5`),
    ),
    bad(
      "a job that is scraped rarely",
      "a sample every 2m: 8m is the least",
      alert(`rate(batch_rows_total{job="batch"}[5m]) > 5`),
    ),
    bad(
      "a record of a slow group",
      "a sample every 30s: 2m is the least",
      record("shop:queue:length", `sum(queue_length{job="storefront"})`),
      alert("deriv(shop:queue:length[1m]) > 5"),
    ),
    bad("a subquery of two steps", "steps by 1m", alert(`deriv(queue_length{job="storefront"}[2m:1m]) > 5`)),
    good("a metric that any job may expose", alert("rate(rows_total[2m]) > 5")),
    good("four scrapes", alert(`rate(${REQUESTS}[2m]) > 5`)),
    good("the newest sample of a minute", alert(`max_over_time(queue_length{job="storefront"}[1m]) > 5`)),
  ],
  "counter-rate": [
    bad("a gauge", "which is no counter", alert(`rate(node_memory_MemFree_bytes[5m]) > 5`)),
    bad(
      "a gauge that is named like a counter",
      "no counter",
      alert(`rate(kubelet_running_pod_count[5m]) > 5`),
    ),
    bad("the delta of a counter", "which is a counter", alert(`delta(${REQUESTS}[5m]) > 5`)),
    good("a counter without the suffix", alert(`rate(kubelet_evictions{job="kubelet"}[5m]) > 5`)),
    good("a counter of /proc", alert("rate(node_vmstat_oom_kill[5m]) > 5")),
    good(
      "a native histogram",
      alert(`histogram_quantile(0.99, sum(rate(request_duration_seconds{job="storefront"}[5m]))) > 5`),
    ),
  ],
  "rate-of-sum": [
    bad("through a subquery", "takes rate of a sum of counters", alert(`rate(sum(${REQUESTS})[5m:30s]) > 5`)),
    bad(
      "through a record",
      "which records a sum of counters",
      record("shop:requests:sum", `sum(${REQUESTS})`),
      alert("rate(shop:requests:sum[5m]) > 5"),
    ),
    bad(
      "a rate of a rate",
      "which records a rate already",
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`),
      alert("rate(shop:requests:rate5m[5m]) > 5"),
    ),
    good("a sum of rates", alert(`sum(rate(${REQUESTS}[5m])) > 5`)),
    good("the peak of a sum of rates", alert(`max_over_time(sum(rate(${REQUESTS}[5m]))[1h:1m]) > 5`)),
  ],
  "guarded-division": [
    bad(
      "a ratio without traffic",
      "NaN then, and the alert silent",
      alert(`sum(rate(${ERRORS}[5m])) / sum(rate(${REQUESTS}[5m])) > 0.05`),
    ),
    bad(
      "a ratio that is recorded",
      "it records NaN then",
      record("shop:errors:ratio", `sum(rate(${ERRORS}[5m])) / sum(rate(${REQUESTS}[5m]))`),
    ),
    bad(
      "two counters that stop one by one",
      "infinite, or NaN",
      alert(`rate(failures_total{job="storefront"}[5m]) / rate(attempts_total{job="storefront"}[5m]) > 0.05`),
    ),
    bad(
      "a fallback for what is empty, and NaN is not",
      "can be zero",
      alert(`sum(rate(${ERRORS}[5m])) / (sum(rate(${REQUESTS}[5m])) or vector(0)) > 0.05`),
    ),
    good("a filter", alert(`sum(rate(${ERRORS}[5m])) / (sum(rate(${REQUESTS}[5m])) > 0) > 0.05`)),
    good("a floor", alert(`sum(rate(${ERRORS}[5m])) / clamp_min(sum(rate(${REQUESTS}[5m])), 1) > 0.05`)),
    good(
      "a condition beside it",
      alert(
        `sum(rate(${ERRORS}[5m])) / sum(rate(${REQUESTS}[5m])) > 0.05 and sum(rate(${REQUESTS}[5m])) > 1`,
      ),
    ),
    good("a capacity", alert("node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1")),
    good(
      "what never stands still",
      alert(
        `sum(rate(node_cpu_seconds_total{mode="idle"}[5m])) / sum(rate(node_cpu_seconds_total[5m])) < 0.1`,
      ),
    ),
  ],
  retention: [
    bad("a long range", "reads samples of the last 40d", alert(`increase(${REQUESTS}[40d]) > 5`)),
    bad(
      "a range, its offset and a subquery together",
      "reads samples of the last 35d",
      alert(`max_over_time(rate(${REQUESTS}[5d] offset 10d)[20d:1h]) > 5`),
    ),
    good("all that is kept", alert(`increase(${REQUESTS}[15d] offset 15d) > 5`)),
  ],
  "record-order": [
    bad(
      "a record below its reader",
      "records only afterwards",
      alert("shop:requests:rate5m > 10"),
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`),
    ),
    bad("a record of itself", "which it records itself", record("shop:peak:max", "shop:peak:max > 10")),
    {
      title: "a group that runs too rarely",
      says: "runs every 10m: a sample counts as the newest for 5m only",
      groups: [
        { ...group("slow", record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`)), interval: "10m" },
        group("fast", alert("shop:requests:rate5m > 10")),
      ],
    },
    {
      title: "two groups in a circle",
      says: "and that group reads its records",
      groups: [
        group(
          "left",
          record("shop:left:sum", "shop:right:sum + 1"),
          record("shop:base:sum", `sum(${REQUESTS})`),
        ),
        group("right", record("shop:right:sum", "max_over_time(shop:left:sum[5m]) + shop:base:sum")),
      ],
    },
    good(
      "a record above its reader",
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`),
      alert("shop:requests:rate5m > 10"),
    ),
    good("its own past", record("shop:peak:max", `sum(rate(${REQUESTS}[5m])) > (shop:peak:max offset 5m)`)),
    {
      title: "another group's record",
      groups: [
        group("alerts", alert("shop:requests:rate5m > 10")),
        group("records", record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`)),
      ],
    },
  ],
  "duplicate-rule": [
    {
      title: "the same alert in two groups, laid out differently",
      says: "is there already, in the group one",
      groups: [
        group("one", alert(`(up{job="storefront"}) == 0`)),
        group("two", alert(`up{ job="storefront" }  ==  0 # again`)),
      ],
    },
    good(
      "one alert for each severity",
      alert(`avg(up{job="storefront"}) < 0.9`),
      alert(`avg(up{job="storefront"}) < 0.5`, { labels: { severity: "critical", team: "shop" } }),
    ),
  ],
  "conflicting-rule": [
    bad(
      "one record of two queries",
      "that asks something else",
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`),
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[10m]))`),
    ),
    bad(
      "one alert of two conditions",
      "that asks something else",
      alert(`up{job="storefront"} == 0`),
      alert(`absent(up{job="storefront"})`),
    ),
    good(
      "a record in two halves",
      record(
        "code:requests:rate5m",
        `sum by (code) (rate(http_requests_total{job="storefront", code=~"2.."}[5m]))`,
      ),
      record(
        "code:requests:rate5m",
        `sum by (code) (rate(http_requests_total{job="storefront", code=~"5.."}[5m]))`,
      ),
    ),
  ],
  "absent-duration": [
    bad("at once", "fires on absence after 0s", alert(`absent(up{job="storefront"})`, { for: "0s" })),
    bad("after one evaluation", "after 30s", alert(`absent(up{job="storefront"})`, { for: "30s" })),
    good("after two", alert(`absent(up{job="storefront"})`, { for: "1m" })),
    good("over a range", alert(`absent_over_time(up{job="storefront"}[5m])`, { for: "0s" })),
  ],
  "template-labels": [
    bad(
      "a label that is summed away",
      "shows the label pod in its annotation summary",
      alert(`sum by (namespace) (rate(${REQUESTS}[5m])) > 5`, summary("{{ $labels.pod }} is busy")),
    ),
    bad(
      "a label of the rule itself",
      "a label that the rule itself sets is not there yet",
      alert(`sum(rate(${REQUESTS}[5m])) > 5`, summary("{{ $labels.team }} is busy")),
    ),
    bad(
      "a label that a match leaves out",
      "shows the label node",
      alert("kube_pod_info == on (pod) kube_pod_owner", summary("on {{ $labels.node }}")),
    ),
    bad(
      "a branch without labels",
      "shows the label job",
      alert(`(avg by (job) (up) or vector(0)) < 0.5`, summary("{{ $labels.job }} is down")),
    ),
    bad(
      "absence, which knows equalities only",
      "shows the label instance",
      alert(`absent(up{job="storefront", instance=~".+:80"})`, summary("{{ $labels.instance }} is gone")),
    ),
    bad(
      "a record that has lost it",
      "shows the label code",
      record("shop:requests:rate5m", `sum(rate(${REQUESTS}[5m]))`),
      alert("shop:requests:rate5m > 10", summary("{{ $labels.code }}")),
    ),
    bad(
      "a label in a label",
      "in its label service",
      alert(`sum(rate(${REQUESTS}[5m])) > 5`, {
        labels: { severity: "warning", team: "shop", service: "{{ $labels.service }}" },
      }),
    ),
    good(
      "a label that is kept",
      alert(`sum by (pod) (rate(${REQUESTS}[5m])) > 5`, summary("{{ $labels.pod }} is busy")),
    ),
    good(
      "a label taken over",
      alert(
        `sum by (pod) (rate(${REQUESTS}[5m])) * on (pod) group_left (node) kube_pod_info > 5`,
        summary("{{ $labels.pod }} on {{ $labels.node }}"),
      ),
    ),
    good(
      "a branch that cannot pass",
      alert(`(avg by (job) (up) or vector(0)) > 0.5`, summary("{{ $labels.job }} is up")),
    ),
    good(
      "a fallback that meets nothing",
      alert(
        `(sum by (job) (rate(${ERRORS}[5m])) or vector(0)) + sum by (job) (rate(${REQUESTS}[5m])) > 5`,
        summary("{{ $labels.job }}"),
      ),
    ),
    good(
      "what another query answers",
      alert(
        `sum(rate(${REQUESTS}[5m])) > 5`,
        summary("{{ range query `up` }}{{ .Labels.instance }}{{ end }}"),
      ),
    ),
  ],
  "routing-labels": [
    bad(
      "a label that is summed away",
      "drops the label service of its series, which routes ask for",
      alert(`sum by (pod) (rate(http_requests_total{service="storefront"}[5m])) > 5`),
    ),
    good(
      "a label that the query keeps",
      alert(`sum by (service) (rate(http_requests_total{service="storefront"}[5m])) > 5`),
    ),
    good(
      "a label that the rule sets",
      alert(`sum(rate(http_requests_total{service="storefront"}[5m])) > 5`, {
        labels: { severity: "warning", team: "shop", service: "storefront" },
      }),
    ),
  ],
  "alert-metadata": [
    bad("no severity", "has no severity", alert(`up{job="storefront"} == 0`, { labels: { team: "shop" } })),
    bad(
      "a severity of somebody else's",
      "has the severity page, which is none of ours",
      alert(`up{job="storefront"} == 0`, { labels: { severity: "page", team: "shop" } }),
    ),
    bad(
      "no owner",
      "has no owner in the label team",
      alert(`up{job="storefront"} == 0`, { labels: { severity: "warning" } }),
    ),
    bad(
      "no summary",
      "has no summary",
      alert(`up{job="storefront"} == 0`, {
        annotations: { summary: " ", runbook_url: "https://example.com" },
      }),
    ),
    bad(
      "no runbook",
      "has no runbook_url",
      alert(`up{job="storefront"} == 0`, { annotations: { summary: "It is down" } }),
    ),
    good("all of it", alert(`up{job="storefront"} == 0`)),
  ],
  "regex-matcher": [
    bad("no pattern", "is no pattern: = does", alert(`up{job=~"storefront"} == 0`)),
    bad("anchors", "has anchors", alert(`up{job=~"^storefront|batch$"} == 0`)),
    bad("everything", "matches everything", alert(`up{job=~".*"} == 0`)),
    bad("not nothing", `is !="" in other words`, alert(`up{job="storefront", pod=~".+"} == 0`)),
    bad("anywhere", "not anchored at either end", alert(`up{job=~".*front.*"} == 0`)),
    good("alternatives", alert(`up{job=~"storefront|batch"} == 0`)),
    good("a beginning", alert(`up{job=~"store.*"} == 0`)),
    good("a dollar sign that is meant", alert(String.raw`up{job="storefront", pod=~"a.b\\$"} == 0`)),
  ],
};
