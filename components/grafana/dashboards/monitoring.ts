import { BYTES_PER_SAMPLE } from "../../prometheus/capacity.ts";
import type { Dashboard } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { balanced, type Presentations, sectionsOf, tiles, type Watched } from "../signal-panels.ts";
import { HEARTBEAT } from "./overview.ts";

const PRESENTATIONS: Presentations = {
  "config-reload": { states: { good: "loaded", bad: "rejected" } },
  "config-handover": { states: { good: "reloaded", bad: "failed" } },
};

/** Health and cost of Prometheus: scraping, cardinality, capacity, rules. */
export function prometheus(watched: Watched): Dashboard {
  return {
    ref: "prometheus",
    title: "Prometheus",
    description:
      "Scraping, cardinality, capacity, rules and remote write of Prometheus, and errors of its operator.",
    tags: ["monitoring"],
    sections: sectionsOf("prometheus", watched, PRESENTATIONS),
    variables: [],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Alertmanager", to: "alertmanager" },
      { title: "Cost drivers", to: "costs" },
    ],
  };
}

/** Alerts from Prometheus to the receivers. */
export function alertmanager(watched: Watched): Dashboard {
  return {
    ref: "alertmanager",
    title: "Alertmanager",
    description:
      "Alerts from Prometheus to Alertmanager, notifications to receivers, and the Alertmanager cluster.",
    tags: ["monitoring", "alerts"],
    sections: [
      {
        title: "Now",
        lines: [
          tiles(HEARTBEAT, {
            key: "active",
            title: "Active alerts",
            description:
              "Alerts in Alertmanager that are neither silenced nor inhibited, including the Watchdog.",
            expr: 'max(alertmanager_alerts{job="alertmanager", state="active"})',
          }),
        ],
      },
      ...sectionsOf("alertmanager", watched, PRESENTATIONS),
    ],
    variables: [],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Prometheus", to: "prometheus" },
      { title: "Alert quality", to: "alertQuality" },
    ],
  };
}

const SECONDS_A_DAY = 86_400;

/** Cost of monitoring by team, namespace and job. */
export function costs(watched: Watched): Dashboard {
  return {
    ref: "costs",
    title: "Cost drivers",
    description: "Series, samples and disk space of monitoring by team, namespace and job.",
    tags: ["monitoring"],
    from: "now-24h",
    sections: [...sectionsOf("costs", watched), { title: "Disk", lines: balanced([DISK_BY_TEAM]) }],
    variables: [],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Prometheus", to: "prometheus" },
    ],
  };
}

const DISK_BY_TEAM: Panel = {
  key: "team-disk",
  title: "Disk space per day of samples, by team",
  description: `Disk space of each Prometheus for one day of each team's samples, at ${BYTES_PER_SAMPLE} bytes per sample.`,
  unit: "bytes",
  view: { kind: "lines" },
  queries: [
    {
      expr: `label_replace(sum by (team) (sum_over_time(scrape_samples_post_metric_relabeling[5m])) / 300 * ${SECONDS_A_DAY} * ${BYTES_PER_SAMPLE}, "team", "no team", "team", "")`,
      legend: "{{team}}",
    },
  ],
  links: [],
};
