import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { failedNotifications } from "../../signals/alertmanager-signals.ts";
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
import { bothRanges, firesForRare } from "../rare-failures.ts";
import {
  atScrape,
  beyond,
  counting,
  dueScrape,
  fires,
  inBursts,
  jump,
  secondScrape,
  silent,
  staged,
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
  means: "share of failed notifications of one integration",
};

/**
 * A range with at least one attempt: Alertmanager repeats a failed notification of severity warning once per group interval, which is
 * 10 minutes. A rate over 5 minutes sees such a failure for 5 minutes only, so it can never hold for 5 minutes.
 */
const ATTEMPTS = "12m";

/** So many notifications at once, every so many seconds. Of the n-th ones a share fails. */
function rare(of: number, every: number, failed: (n: number) => number, parameters: AlertParameters) {
  const integration = "slack";
  return [
    inBursts(alertmanager("alertmanager_notifications_total", { integration }), every, () => of, parameters),
    inBursts(
      alertmanager("alertmanager_notifications_failed_total", { integration, reason: "clientError" }),
      every,
      (n) => of * failed(n),
      parameters,
    ),
  ];
}

/** What all cases of rare notifications share. */
const RARE = { range: ATTEMPTS, labels: { integration: "slack" } } as const;

/** Seconds between groups of notifications, so that no range of {@link ATTEMPTS} has two of them for long. */
const GROUPS = 660;

/** Ten notifications a second through one integration, of which a share fails until a time, for one of several reasons. */
function notifications(integration: string, failed: number, parameters: AlertParameters, until = 86_400) {
  return [
    counting(alertmanager("alertmanager_notifications_total", { integration }), 10, parameters),
    ...Object.entries({ clientError: 0.25, serverError: 0.75 }).map(([reason, part]) =>
      staged(
        alertmanager("alertmanager_notifications_failed_total", { integration, reason }),
        [
          { seconds: until, perSecond: 10 * failed * part },
          { seconds: 0, perSecond: 0 },
        ],
        parameters,
      ),
    ),
  ];
}

/** `members` Alertmanager pods, of which the first `up` can be scraped. */
function answering(up: number, members: number) {
  return Array.from({ length: members }, (_, index) =>
    steady(alertmanager("up", {}, `alertmanager-alertmanager-${index}`), index < up ? 1 : 0),
  );
}

/** The scrape at which a member is lost. */
const LOSS = 5;

/** Three members that can all be scraped, and how many members each of them sees after a loss; before, each saw all. */
function cluster(seen: readonly [number, number, number]) {
  return MEMBERS.flatMap((pod, index) => [
    steady(alertmanager("up", {}, pod), 1),
    jump(alertmanager("alertmanager_cluster_members", {}, pod), MEMBERS.length, seen[index] ?? 0, LOSS),
  ]);
}

export const ALERTMANAGER_ALERTS: readonly AlertDefinition[] = [
  {
    name: "AlertmanagerDown",
    summary: "Fewer than half of the Alertmanager pods are up",
    description: ({ for: held }) =>
      `For at least ${held}, Prometheus has been able to scrape fewer than half of the Alertmanager pods.`,
    impact:
      "Notifications depend on the remaining pods. If all pods are down, no notification is sent, and only the external heartbeat monitor detects it.",
    expr: () => `(avg(up{job="${JOBS.alertmanager}"}) or vector(0)) < 0.5`,
    for: "5m",
    severity: "critical",
    signal: MONITORING_SIGNALS.alertmanagersUp,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("three of five pods cannot be scraped", () => ({
        series: answering(2, 5),
        alerts: [{ labels: {} }],
      })),
      fires("no pod is discovered", () => ({ series: [], alerts: [{ labels: {} }] })),
      silent("two of four pods cannot be scraped", () => ({ series: answering(2, 4) })),
    ],
  },
  {
    name: "AlertmanagerFailedReload",
    summary: "Alertmanager {{ $labels.pod }} failed to load its configuration",
    description: ({ for: held }) =>
      `The last configuration reload of {{ $labels.pod }} failed at least ${held} ago, and no reload has succeeded since.`,
    impact:
      "The pod uses its previous configuration. Newer routes and receivers do not take effect, so alerts may go to the wrong receiver.",
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
    summary: "Alertmanager {{ $labels.pod }} has lost connection to other cluster members",
    description: ({ for: held }) =>
      `{{ $labels.pod }} has seen only {{ $value }} cluster members for at least ${held}, although more Alertmanager pods are up.`,
    impact: "Members that are not connected send duplicate notifications and do not share silences.",
    expr: (parameters) =>
      `max by (pod) (max_over_time(alertmanager_cluster_members{job="${JOBS.alertmanager}"}[${rangeOf(parameters, "5m")}]))` +
      ` < on () group_left () count(up{job="${JOBS.alertmanager}"} == 1)`,
    for: "15m",
    severity: "warning",
    signal: MONITORING_SIGNALS.alertmanagerMembers,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("one of three members has seen only two for the whole range", (parameters) => ({
        series: cluster([3, 2, 3]),
        holdsFrom: atScrape(LOSS - 1, parameters) + seconds(rangeOf(parameters, "5m")),
        alerts: [{ labels: { pod: MEMBERS[1] }, value: "2" }],
      })),
      silent("each member sees all three", () => ({ series: cluster([3, 3, 3]) })),
      silent("one member is down, and the others see only two", () => ({
        series: [...cluster([2, 2, 2]).slice(0, 4), jump(alertmanager("up", {}, MEMBERS[2]), 1, 0, LOSS)],
      })),
    ],
  },
  {
    name: "AlertmanagerConfigInconsistent",
    summary: "Alertmanager pods use different configurations",
    description: ({ for: held }) =>
      `The Alertmanager pods have used {{ $value }} different configurations for at least ${held}.`,
    impact: "Which receiver gets an alert depends on which pod sends the notification.",
    expr: () =>
      `count(count_values("config_hash", alertmanager_config_hash{job="${JOBS.alertmanager}"})) > 1`,
    for: "20m",
    severity: "warning",
    signal: MONITORING_SIGNALS.alertmanagerConfigs,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("one of three pods has another configuration", () => ({
        series: MEMBERS.map((pod, index) =>
          steady(alertmanager("alertmanager_config_hash", {}, pod), index === 2 ? 71_203 : 18_846),
        ),
        alerts: [{ labels: {}, value: "2" }],
      })),
      silent("all pods have the same configuration", () => ({
        series: MEMBERS.map((pod) => steady(alertmanager("alertmanager_config_hash", {}, pod), 18_846)),
      })),
    ],
  },
  {
    name: "AlertmanagerClusterFailedToSendAlerts",
    summary: "Alertmanager fails to send notifications through {{ $labels.integration }}",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the notifications through {{ $labels.integration }} fail. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Alerts that are routed to this integration, including pages, do not reach their receivers.",
    expr: (parameters) =>
      `(${MONITORING_SIGNALS.notificationsFailed.query(rangeOf(parameters, "5m"))} > ${parameters.threshold})` +
      ` or (${failedNotifications(ATTEMPTS)} > ${parameters.threshold} and ${failedNotifications(ATTEMPTS, ATTEMPTS)} > ${parameters.threshold})`,
    threshold: FAILED,
    for: "5m",
    lookback: { range: "5m", samples: 2 },
    severity: "critical",
    signal: MONITORING_SIGNALS.notificationsFailed,
    jobs: [JOBS.alertmanager],
    cases: [
      fires("more notifications fail than the limit", (parameters) => {
        const end = Math.max(atScrape(dueScrape(parameters), parameters), bothRanges(ATTEMPTS, parameters));
        return {
          series: [
            ...notifications("pagerduty", beyond(FAILED, parameters), parameters, end),
            ...notifications("slack", 0, parameters),
          ],
          holdsFrom: secondScrape(parameters),
          stops: { after: end, by: end + 3 * seconds(ATTEMPTS) },
          alerts: [{ labels: { integration: "pagerduty" }, value: percent(beyond(FAILED, parameters)) }],
        };
      }),
      firesForRare("every notification fails, and there is only one in 10 minutes", {
        ...RARE,
        every: 600,
        share: () => 1,
        series: (failed, p) => rare(1, 600, failed, p),
      }),
      firesForRare("notifications are sent every 11 minutes, and more of them fail than the limit", {
        ...RARE,
        every: GROUPS,
        share: (p) => beyond(FAILED, p),
        series: (failed, p) => rare(1000, GROUPS, failed, p),
      }),
      silent(
        "in the last 12 minutes fewer notifications failed than the limit, and before that more did",
        (p) => ({
          series: rare(1000, GROUPS, (n) => (n <= 3 ? beyond(FAILED, p) : within(FAILED, p)), p),
          holdsFrom: 3 * GROUPS + seconds(ATTEMPTS),
        }),
      ),
      silent("more notifications fail than the limit only once", (p) => ({
        series: rare(1000, GROUPS, (n) => (n === 4 ? beyond(FAILED, p) : within(FAILED, p)), p),
        holdsFrom: 4 * GROUPS + seconds(rangeOf(p, "5m")),
      })),
      silent("slightly fewer notifications fail than the limit", (parameters) => ({
        series: notifications("pagerduty", within(FAILED, parameters), parameters),
        holdsFrom: bothRanges(ATTEMPTS, parameters),
      })),
      silent("one notification in 10 minutes failed, and later ones do not", (parameters) => ({
        series: rare(1, 600, (n) => (n === 1 ? 1 : 0), parameters),
        holdsFrom: 600 + seconds(rangeOf(parameters, "5m")),
      })),
    ],
  },
];
