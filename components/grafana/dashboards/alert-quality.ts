import { type Duration, seconds } from "../../core/duration.ts";
import type { Dashboard } from "../dashboard.ts";
import { balanced, tiles } from "../signal-panels.ts";
import { firingTile } from "./firing-alerts.ts";

const RANGE = "$__range";
const FIRING = 'alertstate="firing", severity!="none"';
/** Seconds. Alerts that fire for a shorter time are counted as noise: they resolve before the on-call engineer can act. */
const TOO_SHORT = 600;

/**
 * Which alerts fired, how long and how often, so that a team can fix or remove the alerts that do not help. The data are the series
 * ALERTS and ALERTS_FOR_STATE, to which Prometheus adds one sample per evaluation.
 */
export function alertQuality(evaluationInterval: Duration): Dashboard {
  const step = seconds(evaluationInterval);
  const by = "alertname, severity, team";
  const time = `sum by (${by}) (count_over_time(ALERTS{${FIRING}}[${RANGE}])) * ${step}`;
  // The value is the time of the activation, so it changes with each further activation; the first one is the existing series.
  const times = `sum by (alertname) (changes(ALERTS_FOR_STATE[${RANGE}])) + count by (alertname) (last_over_time(ALERTS_FOR_STATE[${RANGE}]))`;
  const short = `count by (alertname) ((count_over_time(ALERTS{${FIRING}}[${RANGE}]) * ${step}) < ${TOO_SHORT})`;
  return {
    ref: "alertQuality",
    title: "Alert quality",
    description: "Which alerts fired, how long and how often: candidates to fix or remove.",
    tags: ["alerts"],
    from: "now-7d",
    sections: [
      {
        title: "Selected time range",
        lines: [
          tiles(
            firingTile("critical"),
            firingTile("warning"),
            {
              key: "alerts-that-fired",
              title: "Fired alerts",
              description: "Number of alert names that fired at least once in the time range.",
              expr: `count(count by (alertname) (count_over_time(ALERTS{${FIRING}}[${RANGE}]))) or vector(0)`,
              instant: true,
            },
            {
              key: "time-paging",
              title: "Time with a firing critical alert",
              description: "Share of the time range in which at least one critical alert fired.",
              expr: `(sum_over_time(max(ALERTS{alertstate="firing", severity="critical"})[${RANGE}:5m]) * 300 / $__range_s) or vector(0)`,
              instant: true,
              unit: "percentunit",
            },
          ),
          {
            height: 12,
            things: [
              {
                key: "how-long-and-how-often",
                title: "Alert duration and frequency",
                description:
                  "For each alert: total firing time, number of activations, and number of series that fired for less than 10 minutes. Fix or remove alerts that fire often and briefly, or all the time.",
                unit: "s",
                view: {
                  kind: "rows",
                  columns: { alertname: "Alert", severity: "Severity", team: "Team" },
                  values: [
                    { heading: "Firing time", unit: "s" },
                    { heading: "Activations", unit: "short" },
                    { heading: "Shorter than 10 min", unit: "short" },
                  ],
                  sortBy: "Firing time",
                },
                queries: [
                  { expr: time, legend: "time" },
                  { expr: `(${times}) * on (alertname) group_right () (${time} > bool 0)`, legend: "times" },
                  {
                    expr: `(${short} or 0 * (${times})) * on (alertname) group_right () (${time} > bool 0)`,
                    legend: "short",
                  },
                ],
                links: [],
              },
            ],
          },
        ],
      },
      {
        title: "Over time",
        lines: balanced([
          {
            key: "firing-by-severity",
            title: "Firing alerts by severity",
            description: "Number of firing alerts at each time, by severity.",
            unit: "short",
            view: { kind: "lines" },
            queries: [{ expr: `count by (severity) (ALERTS{${FIRING}})`, legend: "{{severity}}" }],
            links: [],
          },
          {
            key: "firing-by-team",
            title: "Firing alerts by team",
            description: "Number of firing alerts at each time, by owning team.",
            unit: "short",
            view: { kind: "lines" },
            queries: [{ expr: `count by (team) (ALERTS{${FIRING}})`, legend: "{{team}}" }],
            links: [],
          },
          {
            key: "pending",
            title: "Pending alerts",
            description:
              "Number of pending alerts, by alert name. If an alert is often pending and never fires, check its threshold and its `for`.",
            unit: "short",
            view: { kind: "lines" },
            queries: [
              {
                expr: 'topk(10, count by (alertname) (ALERTS{alertstate="pending"}))',
                legend: "{{alertname}}",
              },
            ],
            links: [],
          },
        ]),
      },
    ],
    variables: [],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Alertmanager", to: "alertmanager" },
    ],
  };
}
