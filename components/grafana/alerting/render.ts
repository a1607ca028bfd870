import { runbookUrl } from "../../alerts/annotations.ts";
import type { AlertsSettings, ReportedAlert } from "../../alerts/model.ts";
import { dashboardUid, panelId, shortUid } from "../../signals/panels.ts";
import { GRAFANA_ALERT_GROUPS } from "./catalogue/index.ts";
import { type AlertSources, CONDITION, conditionText, type RuleStep, ruleSteps } from "./conditions.ts";
import { type ContactPoint, contactPointName, contactPoints } from "./contact-points.ts";
import type { GrafanaAlertDefinition, GrafanaAlertGroup, GrafanaAlertParameters } from "./definition.ts";
import { type AlertingReceivers, type AlertingSettings, reachable } from "./model.ts";

export interface AlertingArgs {
  /** The kind of Grafana: only an existing one can send mail. */
  readonly kind: string;
  readonly settings: AlertingSettings;
  readonly environment: string;
  /** The team that owns the platform: the label `team` of every alert here. */
  readonly owner: string;
  readonly alerts: AlertsSettings;
  readonly receivers: AlertingReceivers;
  readonly parameters: GrafanaAlertParameters;
  /** The AWS region of the environment; left out if it is not on AWS. */
  readonly region?: string;
}

/** A rule in Grafana's terms, for both kinds of delivery: provisioning files and the API. */
export interface GrafanaRule {
  /** Never changed: silences and the state history use it. */
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly steps: readonly RuleStep[];
  readonly for: string;
  readonly noDataState: "Alerting" | "OK";
  readonly execErrState: "Alerting" | "KeepLast";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The contact point of the rule; left out if the notification policy selects it. */
  readonly contactPoint?: string;
}

interface GrafanaRuleGroup {
  readonly name: string;
  readonly interval: GrafanaAlertGroup["interval"];
  readonly rules: readonly GrafanaRule[];
}

/** The notification policy of the organisation: the default contact point, and one for each severity. */
interface NotificationPolicy {
  readonly contactPoint: string;
  readonly groupBy: readonly string[];
  readonly routes: readonly { readonly severity: string; readonly contactPoint: string }[];
}

/** The CloudWatch data source. */
interface CloudWatchSource {
  readonly uid: string;
  readonly name: string;
  readonly type: "cloudwatch";
  readonly jsonData: Readonly<Record<string, string>>;
}

/** Everything that Grafana needs for its own alerts, for provisioning files and for the API. */
export interface AlertingContent {
  readonly folder: { readonly uid: string; readonly title: string };
  readonly cloudWatch?: CloudWatchSource;
  readonly contactPoints: readonly ContactPoint[];
  readonly groups: readonly GrafanaRuleGroup[];
  /** Left out if this environment does not manage the policy. */
  readonly policy?: NotificationPolicy;
  /** The uids of rules of the catalogue that this environment does not have: provisioning must delete them. */
  readonly absent: readonly string[];
}

/** The labels by which notifications are grouped. Grafana requires these two if a rule has its own grouping. */
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
      // The name is unique within its folder, and the folder belongs to this environment.
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

/** The same alerts for reports. */
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

/** The groups whose data source exists. */
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
      // The AWS identity of Grafana itself. Amazon Managed Grafana has a different name for it.
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
    noDataState: alert.noData === "fires" ? "Alerting" : "OK",
    execErrState: alert.onError === "fires" ? "Alerting" : "KeepLast",
    labels: { severity, team: owner, environment },
    annotations: {
      summary: alert.summary,
      description: `${alert.description} ${alert.impact} First: ${alert.firstStep}`,
      runbook_url: runbookUrl(alert.name, alerts),
      owner,
      // Grafana links the alert to the panel by these two annotations.
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
