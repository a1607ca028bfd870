import { signalsOf } from "./platform-signal.ts";

/** Targets that belong to no team are the platform's. */
function byTeam(query: string): string {
  return `label_replace(${query}, "team", "no team", "team", "")`;
}

/** What monitoring costs, and who causes it: series and samples by team, namespace and job. */
export const COST_SIGNALS = signalsOf("costs", {
  teamSeries: {
    id: "team-series",
    row: "Series",
    title: "Series by team",
    unit: "short",
    description:
      "Series that the last scrapes of each team's targets left. What carries no team is the platform's own.",
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (scrape_samples_post_metric_relabeling)"),
  },
  namespaceSeries: {
    id: "namespace-series",
    row: "Series",
    title: "Series by namespace of the target",
    unit: "short",
    description:
      "Series that the last scrapes left, by the namespace that was scraped: the ten with the most.",
    legend: "{{namespace}}",
    query: () => "sum by (namespace) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  jobSeries: {
    id: "job-series",
    row: "Series",
    title: "Series by job",
    unit: "short",
    description: "Series that the last scrapes left, by job: the fifteen with the most.",
    legend: "{{job}}",
    query: () => "sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(15, ${measured})`,
  },
  teamSamples: {
    id: "team-samples",
    row: "Samples",
    title: "Samples by team",
    unit: "cps",
    description: "Samples per second that Prometheus stores for each team, over five minutes.",
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (sum_over_time(scrape_samples_post_metric_relabeling[5m])) / 300"),
  },
  teamNewSeries: {
    id: "team-new-series",
    row: "Samples",
    title: "New series by team",
    unit: "short",
    description:
      "Series that appeared in the scrapes of each team within an hour. Each stays in memory for hours.",
    legend: "{{team}}",
    query: () => byTeam("sum by (team) (sum_over_time(scrape_series_added[1h]))"),
  },
  jobsDropped: {
    id: "series-dropped",
    row: "Samples",
    title: "Series dropped before they are stored",
    unit: "short",
    description:
      "Series that relabelling throws away at each scrape, by job: fetched, and then paid for by nobody.",
    legend: "{{job}}",
    query: () =>
      "sum by (job) (scrape_samples_scraped) - sum by (job) (scrape_samples_post_metric_relabeling)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
  teamRecords: {
    id: "team-records",
    row: "Rules",
    title: "Series recorded for objectives, by team",
    unit: "short",
    description: "Series that the rules of each team's objectives record.",
    legend: "{{team}}",
    query: () => 'count by (team) ({__name__=~"slo:.+"})',
  },
  scrapeDuration: {
    id: "scrape-duration",
    row: "Rules",
    title: "Time that scrapes take",
    unit: "s",
    description: "The slowest scrape of each job: the ten slowest jobs.",
    legend: "{{job}}",
    query: () => "max by (job) (scrape_duration_seconds)",
    drawn: (measured) => `topk(10, ${measured})`,
  },
});
