import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { alertmanager } from "../exporters.ts";
import {
  atScrape,
  beyond,
  counting,
  fires,
  jump,
  secondScrape,
  silent,
  steady,
  within,
} from "../situations.ts";

const MEMBERS = [
  "alertmanager-alertmanager-0",
  "alertmanager-alertmanager-1",
  "alertmanager-alertmanager-2",
] as const;

const FAILED: Threshold = {
  default: 0.01,
  min: 0.001,
  max: 0.5,
  unit: "share",
  comparison: "above",
  means: "share of notifications that fail, for one integration",
};

/** Ten notifications a second through one integration, of which a share fails, for one of several reasons. */
function notifications(integration: string, failed: number, parameters: AlertParameters) {
  return [
    counting(alertmanager("alertmanager_notifications_total", { integration }), 10, parameters),
    ...Object.entries({ clientError: 0.25, serverError: 0.75 }).map(([reason, part]) =>
      counting(
        alertmanager("alertmanager_notifications_failed_total", { integration, reason }),
        10 * failed * part,
        parameters,
      ),
    ),
  ];
}

/** So many members, of which the first `up` answer. */
function answering(up: number, members: number) {
  return Array.from({ length: members }, (_, index) =>
    steady(alertmanager("up", {}, `alertmanager-alertmanager-${index}`), index < up ? 1 : 0),
  );
}

/** The scrape at which a member is lost. */
const LOSS = 5;

/** Three members that all answer, and how many members each of them sees after a loss; before, each saw all. */
function cluster(seen: readonly [number, number, number]) {
  return MEMBERS.flatMap((pod, index) => [
    steady(alertmanager("up", {}, pod), 1),
    jump(alertmanager("alertmanager_cluster_members", {}, pod), MEMBERS.length, seen[index] ?? 0, LOSS),
  ]);
}

export const ALERTMANAGER_ALERTS: readonly AlertDefinition[] = [
  {
    name: "AlertmanagerDown",
    summary: "Most Alertmanagers do not answer",
    description: ({ for: held }) => `For ${held} fewer than half of the Alertmanagers could be scraped.`,
    impact:
      "Pages hang by what is left of them. When the last one is gone only the heartbeat outside notices.",
    expr: () => `(avg(up{job="${JOBS.alertmanager}"}) or vector(0)) < 0.5`,
    for: "5m",
    severity: "critical",
    signal: MONITORING_SIGNALS.alertmanagersUp,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("three of five refuse", () => ({
        series: answering(2, 5),
        alerts: [{ labels: {} }],
      })),
      fires("none is discovered any more", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("two of four refuse", () => ({ series: answering(2, 4) })),
    ],
  },
  {
    name: "AlertmanagerFailedReload",
    summary: "Alertmanager {{ $labels.pod }} refuses its configuration",
    description: ({ for: held }) =>
      `The last reload of {{ $labels.pod }} failed, and for ${held} no later one has succeeded.`,
    impact:
      "Routes and receivers that were changed since do not take effect; alerts may go to the wrong people.",
    expr: () => `min by (pod) (alertmanager_config_last_reload_successful{job="${JOBS.alertmanager}"}) == 0`,
    for: "10m",
    severity: "critical",
    signal: MONITORING_SIGNALS.configReload,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("the last reload failed", () => ({
        series: [steady(alertmanager("alertmanager_config_last_reload_successful"), 0)],
        alerts: [{ labels: { pod: MEMBERS[0] } }],
      })),
      silent("the last reload succeeded", () => ({
        series: [steady(alertmanager("alertmanager_config_last_reload_successful"), 1)],
      })),
    ],
  },
  {
    name: "AlertmanagerMembersInconsistent",
    summary: "Alertmanager {{ $labels.pod }} has lost sight of other members",
    description: ({ for: held }) =>
      `For ${held} {{ $labels.pod }} has seen only {{ $value }} members, fewer than answer.`,
    impact:
      "Members that do not see each other send every notification more than once and do not share silences.",
    expr: (parameters) =>
      `max by (pod) (max_over_time(alertmanager_cluster_members{job="${JOBS.alertmanager}"}[${rangeOf(parameters, "5m")}]))` +
      ` < on () group_left () count(up{job="${JOBS.alertmanager}"} == 1)`,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.alertmanagerMembers,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("one of three sees only two, and no longer remembers three", (parameters) => ({
        series: cluster([3, 2, 3]),
        holdsFrom: atScrape(LOSS - 1, parameters) + seconds(rangeOf(parameters, "5m")),
        alerts: [{ labels: { pod: MEMBERS[1] }, value: "2" }],
      })),
      silent("each sees all three", () => ({ series: cluster([3, 3, 3]) })),
      silent("one is down, and the others know", () => ({
        series: [...cluster([2, 2, 2]).slice(0, 4), jump(alertmanager("up", {}, MEMBERS[2]), 1, 0, LOSS)],
      })),
    ],
  },
  {
    name: "AlertmanagerConfigInconsistent",
    summary: "Alertmanagers run on different configurations",
    description: ({ for: held }) =>
      `For ${held} the Alertmanagers have had {{ $value }} different configurations.`,
    impact: "Where an alert goes depends on which member answers first.",
    expr: () =>
      `count(count_values("config_hash", alertmanager_config_hash{job="${JOBS.alertmanager}"})) > 1`,
    for: "20m",
    severity: "warning",
    signal: MONITORING_SIGNALS.alertmanagerConfigs,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("one of three has another configuration", () => ({
        series: MEMBERS.map((pod, index) =>
          steady(alertmanager("alertmanager_config_hash", {}, pod), index === 2 ? 71_203 : 18_846),
        ),
        alerts: [{ labels: {}, value: "2" }],
      })),
      silent("all have the same", () => ({
        series: MEMBERS.map((pod) => steady(alertmanager("alertmanager_config_hash", {}, pod), 18_846)),
      })),
    ],
  },
  {
    name: "AlertmanagerClusterFailedToSendAlerts",
    summary: "Notifications through {{ $labels.integration }} fail",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the notifications through {{ $labels.integration }} fail; the limit is ${shownThreshold(threshold, "share")}, and has been passed for ${held}.`,
    impact: "Pages or tickets that leave this way do not arrive.",
    expr: (parameters) =>
      `${MONITORING_SIGNALS.notificationsFailed.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: FAILED,
    for: "5m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.notificationsFailed,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("notifications fail beyond the limit", (parameters) => ({
        series: [
          ...notifications("pagerduty", beyond(FAILED, parameters), parameters),
          ...notifications("slack", 0, parameters),
        ],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { integration: "pagerduty" }, value: percent(beyond(FAILED, parameters)) }],
      })),
      silent("notifications fail just below the limit", (parameters) => ({
        series: notifications("pagerduty", within(FAILED, parameters), parameters),
      })),
    ],
  },
];
