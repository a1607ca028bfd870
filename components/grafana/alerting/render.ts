import { runbookUrl } from "../../alerts/annotations.ts";
import type { AlertsSettings, ReportedAlert } from "../../alerts/model.ts";
import { dashboardUid, panelId, shortUid } from "../../signals/panels.ts";
import { GRAFANA_ALERT_GROUPS } from "./catalogue/index.ts";
import { type AlertSources, CONDITION, conditionText, type RuleStep, ruleSteps } from "./conditions.ts";
import { type ContactPoint, contactPointName, contactPoints } from "./contact-points.ts";
import type { GrafanaAlertDefinition, GrafanaAlertGroup, GrafanaAlertParameters } from "./definition.ts";
import { type AlertingReceivers, type AlertingSettings, reachable } from "./model.ts";

export interface AlertingArgs {
  /** The kind of Grafana: only one that exists may have a mail server. */
  readonly kind: string;
  readonly settings: AlertingSettings;
  readonly environment: string;
  /** The team that owns the platform: the label `team` of every alert here. */
  readonly owner: string;
  readonly alerts: AlertsSettings;
  readonly receivers: AlertingReceivers;
  readonly parameters: GrafanaAlertParameters;
  /** The AWS region of the environment; left out where it is not on AWS. */
  readonly region?: string;
}

/** A rule in Grafana's own terms, before either way of delivery. */
export interface GrafanaRule {
  /** Never changed: silences and history are addressed by it. */
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly steps: readonly RuleStep[];
  readonly for: string;
  readonly noDataState: "Alerting" | "OK";
  readonly execErrState: "Alerting" | "KeepLast";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whom the rule tells by itself; left out where the policy says it. */
  readonly contactPoint?: string;
}

export interface GrafanaRuleGroup {
  readonly name: string;
  readonly interval: GrafanaAlertGroup["interval"];
  readonly rules: readonly GrafanaRule[];
}

/** The one notification policy: who is told where no severity matches, and who of each severity. */
export interface NotificationPolicy {
  readonly contactPoint: string;
  readonly groupBy: readonly string[];
  readonly routes: readonly { readonly severity: string; readonly contactPoint: string }[];
}

/** Where CloudWatch is asked: a data source of its own. */
export interface CloudWatchSource {
  readonly uid: string;
  readonly name: string;
  readonly type: "cloudwatch";
  readonly jsonData: Readonly<Record<string, string>>;
}

/** All that Grafana is given to alert by itself: the same by provisioning and by API. */
export interface AlertingContent {
  readonly folder: { readonly uid: string; readonly title: string };
  readonly cloudWatch?: CloudWatchSource;
  readonly contactPoints: readonly ContactPoint[];
  readonly groups: readonly GrafanaRuleGroup[];
  /** Left out where it is not this environment's to manage. */
  readonly policy?: NotificationPolicy;
  /** Rules of the catalogue that this environment does not have, by uid: what provisioning must take away. */
  readonly absent: readonly string[];
}

/** What alerts of one kind are told together by. Grafana asks for these two where a rule says its grouping itself. */
const GROUP_BY = ["grafana_folder", "alertname"];

export function renderAlerting(args: AlertingArgs): AlertingContent {
  const { environment, settings, kind } = args;
  const cloudWatch = cloudWatchSource(args);
  const receivers = reachable(args.receivers, kind);
  const there = groupsOf(args);
  const sources: AlertSources = {
    prometheus: shortUid(`bellwether-prometheus-${environment}`),
    ...(cloudWatch && args.region && { cloudwatch: { uid: cloudWatch.uid, region: args.region } }),
  };
  return {
    folder: {
      uid: shortUid(`bellwether-alerts-${environment}`),
      title: `Bellwether alerts (${environment})`,
    },
    ...(cloudWatch && { cloudWatch }),
    contactPoints: contactPoints(receivers, environment),
    groups: there.map(({ name, interval, alerts }) => ({
      // A group's name is unique within its folder, which is the environment's own.
      name,
      interval,
      rules: alerts.map((alert) => rule(alert, args, sources)),
    })),
    ...(settings.notifications === "policy" && { policy: policyOf(environment) }),
    absent: GRAFANA_ALERT_GROUPS.filter((group) => !there.includes(group)).flatMap(({ alerts }) =>
      alerts.map((alert) => ruleUid(alert, environment)),
    ),
  };
}

/** The same alerts as reports list them. */
export function alertsOfGrafana(args: AlertingArgs): ReportedAlert[] {
  return groupsOf(args).flatMap(({ name: group, alerts }) =>
    alerts.map((alert) => ({
      name: alert.name,
      severity: alert.severity,
      team: args.owner,
      for: alert.for,
      summary: alert.summary,
      runbookUrl: runbookUrl(alert.name, args.alerts),
      panel: alert.panel,
      expr: conditionText(alert, args.parameters),
      group: `Grafana: ${group}`,
    })),
  );
}

/** The groups whose data source is there. */
function groupsOf(args: AlertingArgs): readonly GrafanaAlertGroup[] {
  const asksCloudWatch = cloudWatchSource(args) !== undefined;
  return GRAFANA_ALERT_GROUPS.filter(({ source }) => source === "prometheus" || asksCloudWatch);
}

function cloudWatchSource({ settings, environment, region }: AlertingArgs): CloudWatchSource | undefined {
  if (settings.cloudWatch === undefined || region === undefined) return undefined;
  return {
    uid: shortUid(`bellwether-cloudwatch-${environment}`),
    name: `CloudWatch (${environment})`,
    type: "cloudwatch",
    jsonData: {
      // Whatever identity in AWS Grafana itself has; a workspace of Amazon's calls it by a name of its own.
      authType: settings.cloudWatch.kind === "workspace-role" ? "ec2_iam_role" : "default",
      ...(settings.cloudWatch.kind === "assumed-role" && { assumeRoleArn: settings.cloudWatch.roleArn }),
      defaultRegion: region,
    },
  };
}

function ruleUid({ name }: GrafanaAlertDefinition, environment: string): string {
  return shortUid(`${name}-${environment}`);
}

function rule(alert: GrafanaAlertDefinition, args: AlertingArgs, sources: AlertSources): GrafanaRule {
  const { environment, owner, alerts, settings } = args;
  const { severity, panel } = alert;
  return {
    uid: ruleUid(alert, environment),
    title: alert.name,
    condition: CONDITION,
    steps: ruleSteps(alert, args.parameters, sources),
    for: alert.for,
    noDataState: alert.withoutData === "fires" ? "Alerting" : "OK",
    execErrState: alert.withoutAnswer === "fires" ? "Alerting" : "KeepLast",
    labels: { severity, team: owner, environment },
    annotations: {
      summary: alert.summary,
      description: `${alert.description} ${alert.impact} First: ${alert.firstStep}`,
      runbook_url: runbookUrl(alert.name, alerts),
      owner,
      // By these two Grafana links its own alerts to a panel.
      __dashboardUid__: dashboardUid(panel.dashboard, environment),
      __panelId__: String(panelId(panel.panel)),
    },
    ...(settings.notifications === "per-rule" && { contactPoint: contactPointName(severity, environment) }),
  };
}

function policyOf(environment: string): NotificationPolicy {
  return {
    contactPoint: contactPointName("warning", environment),
    groupBy: GROUP_BY,
    routes: (["critical", "warning"] as const).map((severity) => ({
      severity,
      contactPoint: contactPointName(severity, environment),
    })),
  };
}

export { GROUP_BY };
