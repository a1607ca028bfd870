import { signalsOf } from "./platform-signal.ts";

/** Series without a team belong to the platform. */
function byTeam(query: string): string {
  return `label_replace(${query}, "team", "no team", "team", "")`;
}

/** Cost of monitoring: series and samples by team, namespace and job. */
export const COST_SIGNALS = signalsOf("costs", {
  teamSeries: {
    id: "team-series",
    row: "Series",
    title: "Series by team",
    unit: "short",
    description: 'Series in the last scrapes of each team\'s targets. "no team" is the platform itself.',
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (scrape_samples_post_metric_relabeling)"),
  },
  namespaceSeries: {
    id: "namespace-series",
    row: "Series",
    title: "Series by namespace",
    unit: "short",
    description:
      "Series in the last scrapes, by namespace of the target: the ten namespaces with the most series.",
    legend: "{{namespace}}",
    query: () => "sum by (namespace) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  jobSeries: {
    id: "job-series",
    row: "Series",
    title: "Series by job",
    unit: "short",
    description: "Series in the last scrapes, by job: the fifteen jobs with the most series.",
    legend: "{{job}}",
    query: () => "sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(15, ${measured})`,
  },
  teamSamples: {
    id: "team-samples",
    row: "Samples",
    title: "Samples ingested by team",
    unit: "cps",
    description: "Samples per second that Prometheus stores for each team, over 5 minutes.",
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (sum_over_time(scrape_samples_post_metric_relabeling[5m])) / 300"),
  },
  teamNewSeries: {
    id: "team-new-series",
    row: "Samples",
    title: "New series by team",
    unit: "short",
    description:
      "Series that appeared within an hour, by team. Each new series stays in the memory of Prometheus for hours.",
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (sum_over_time(scrape_series_added[1h]))"),
  },
  jobsDropped: {
    id: "series-dropped",
    row: "Samples",
    title: "Series dropped by relabelling",
    unit: "short",
    description:
      "Series that metric relabelling drops at each scrape: the ten jobs with the most. Prometheus scrapes them and does not store them.",
    legend: "{{job}}",
    query: () =>
      "sum by (job) (scrape_samples_scraped) - sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  teamRecords: {
    id: "team-records",
    row: "Rules",
    title: "Recorded SLO series by team",
    unit: "short",
    description: "Series that the recording rules of each team's objectives write.",
    legend: "{{team}}",
    query: () => 'count by (team) ({__name__=~"slo:.+"})',
  },
  scrapeDuration: {
    id: "scrape-duration",
    row: "Rules",
    title: "Scrape duration by job",
    unit: "s",
    description: "Duration of the slowest scrape of each job: the ten slowest jobs.",
    legend: "{{job}}",
    query: () => "max by (job) (scrape_duration_seconds)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
});
