import { BYTES_PER_SAMPLE } from "../../prometheus/capacity.ts";
import type { Dashboard } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { balanced, type Presentations, sectionsOf, tiles, type Watched } from "../signal-panels.ts";
import { HEARTBEAT } from "./overview.ts";

const PRESENTATIONS: Presentations = {
  "config-reload": { states: { good: "loaded", bad: "refused" } },
  "config-handover": { states: { good: "handed over", bad: "failed" } },
};

/** Whether Prometheus can be trusted, and what it costs: scraping, cardinality, capacity, rules. */
export function prometheus(watched: Watched): Dashboard {
  return {
    ref: "prometheus",
    title: "Prometheus",
    description:
      "Whether it scrapes and evaluates everything, and what that costs: capacity, cardinality, rules.",
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

/** Whether what fires reaches somebody. */
export function alertmanager(watched: Watched): Dashboard {
  return {
    ref: "alertmanager",
    title: "Alertmanager",
    description: "The way of an alert from Prometheus to people: what is sent, and what fails.",
    tags: ["monitoring", "alerts"],
    sections: [
      {
        title: "Now",
        lines: [
          tiles(HEARTBEAT, {
            key: "active",
            title: "Active alerts",
            description:
              "Alerts that Alertmanager holds and neither silences nor inhibits, the Watchdog among them.",
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

/** What monitoring costs, and who causes it. */
export function costs(watched: Watched): Dashboard {
  return {
    ref: "costs",
    title: "Cost drivers",
    description: "What monitoring costs, and who causes it: series and samples by team, namespace and job.",
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
  title: "Disk for a day of samples, by team",
  description: `Bytes that one day of each team's samples takes on the disk of each Prometheus, at ${BYTES_PER_SAMPLE} bytes a sample.`,
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
