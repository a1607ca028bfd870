import { type Duration, seconds } from "../../core/duration.ts";
import type { Dashboard } from "../dashboard.ts";
import { balanced, tiles } from "../signal-panels.ts";
import { firingTile } from "./firing-alerts.ts";

const RANGE = "$__range";
const FIRING = 'alertstate="firing", severity!="none"';
/** What shorter alerts are noise by: nobody reaches a keyboard sooner. */
const TOO_SHORT = 600;

/**
 * Which alerts fired, how long and how often: what a team goes through each week, to remove or mend what told nobody anything.
 * From the series that Prometheus writes of its own alerts, one sample an evaluation.
 */
export function alertQuality(evaluationInterval: Duration): Dashboard {
  const step = seconds(evaluationInterval);
  const by = "alertname, severity, team";
  const time = `sum by (${by}) (count_over_time(ALERTS{${FIRING}}[${RANGE}])) * ${step}`;
  // A new activation has a new moment as its value, and its series begins with a first.
  const times = `sum by (alertname) (changes(ALERTS_FOR_STATE[${RANGE}])) + count by (alertname) (last_over_time(ALERTS_FOR_STATE[${RANGE}]))`;
  const short = `count by (alertname) ((count_over_time(ALERTS{${FIRING}}[${RANGE}]) * ${step}) < ${TOO_SHORT})`;
  return {
    ref: "alertQuality",
    title: "Alert quality",
    description: "Which alerts fired, how long and how often: what to mend or remove.",
    tags: ["alerts"],
    from: "now-7d",
    sections: [
      {
        title: "In the time that is shown",
        lines: [
          tiles(
            firingTile("critical"),
            firingTile("warning"),
            {
              key: "alerts-that-fired",
              title: "Alerts that fired",
              description: "Different alerts that fired at least once.",
              expr: `count(count by (alertname) (count_over_time(ALERTS{${FIRING}}[${RANGE}]))) or vector(0)`,
              instant: true,
            },
            {
              key: "time-paging",
              title: "Time with an open page",
              description: "Share of the time in which at least one page was open.",
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
                title: "How long and how often",
                description:
                  "Each alert that fired: how long in all, how often its condition set in, and how many of its series fired for less than ten minutes. Often and short is noise; always is a fact that nobody minds.",
                unit: "s",
                view: {
                  kind: "rows",
                  columns: { alertname: "Alert", severity: "Severity", team: "Team" },
                  values: [
                    { heading: "Fired for", unit: "s" },
                    { heading: "Times active", unit: "short" },
                    { heading: "Shorter than 10 min", unit: "short" },
                  ],
                  sortBy: "Fired for",
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
            title: "Alerts that fire, by severity",
            description: "How many series of alerts fire at each moment.",
            unit: "short",
            view: { kind: "lines" },
            queries: [{ expr: `count by (severity) (ALERTS{${FIRING}})`, legend: "{{severity}}" }],
            links: [],
          },
          {
            key: "firing-by-team",
            title: "Alerts that fire, by team",
            description: "How many series of alerts fire at each moment, by the team that is told.",
            unit: "short",
            view: { kind: "lines" },
            queries: [{ expr: `count by (team) (ALERTS{${FIRING}})`, legend: "{{team}}" }],
            links: [],
          },
          {
            key: "pending",
            title: "Conditions that hold and have not fired",
            description:
              "Alerts that are pending, by name. Those that never get further ask for a look at their limits.",
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
