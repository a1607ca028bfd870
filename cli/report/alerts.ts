import type { AlertmanagerSettings } from "../../components/alertmanager/model.ts";
import type { Duration } from "../../components/core/duration.ts";
import { grafanaUrl } from "../../components/grafana/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { RecordedGrafanaAlert } from "../artefacts/grafana-alerts.ts";
import type { GrafanaContacts } from "../artefacts/grafana-contacts.ts";
import { grafanaMessage } from "../messages/grafana.ts";
import type { Messages, ReceivedMessage } from "../messages/previewed.ts";
import type { RoutedAlert } from "../routing.ts";
import { readsInWords } from "./reads.ts";
import { type Receiver, receiversOf, severityRank } from "./routes.ts";

/** One alert rule, evaluated by Prometheus or by Grafana. */
export interface AlertRow {
  /** Unique in the report: `alert-NAME`, followed by the service and the objective that the rule is about. */
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly team: string;
  readonly service: string | undefined;
  /** The objective of the service; undefined for a rule that is about no objective. */
  readonly slo: string | undefined;
  /** What evaluates the rule. */
  readonly by: "Prometheus" | "Grafana";
  readonly for: string;
  readonly keepFiringFor: string | undefined;
  readonly summary: string;
  readonly description: string;
  /** Empty if no receiver is notified. */
  readonly receivers: readonly Receiver[];
  /** Of an alert about a workload in namespaces that another team owns, its receivers there. */
  readonly byNamespace: readonly {
    readonly namespaces: readonly string[];
    readonly receivers: readonly Receiver[];
  }[];
  /** Only http and https links; anything else in an annotation is no link. */
  readonly runbookUrl: string | undefined;
  readonly dashboardUrl: string | undefined;
  readonly expr: string;
  /** The samples that one evaluation reads, in words; undefined for Grafana and for a query that cannot be read. */
  readonly reads: string | undefined;
  /** Nothing tests when it fires: an alert of a team without examples. */
  readonly unproven: boolean;
  /** What is wrong with its route. */
  readonly problem: string | undefined;
  /** The messages that its receivers get; none for an alert without a case or without a contact point that is known. */
  readonly messages: readonly ReceivedMessage[];
}

type RowWithoutId = Omit<AlertRow, "id">;

/** The alert rules of Prometheus and of Grafana by severity, critical first, then by name. */
export function alertRows(
  routed: readonly RoutedAlert[],
  settings: Pick<AlertmanagerSettings, "receivers">,
  ofGrafana: readonly RowWithoutId[] = [],
  interval: Duration = "30s",
  messages: Messages = () => [],
): readonly AlertRow[] {
  const rows = routed
    .map((one): RowWithoutId => {
      const { alert, destinations, byNamespace, problem } = one;
      return {
        name: alert.name,
        severity: alert.labels["severity"] ?? "none",
        team: alert.labels["team"] ?? "",
        service: alert.labels["service"],
        slo: alert.labels["slo"],
        by: "Prometheus",
        for: alert.for,
        keepFiringFor: alert.keepFiringFor,
        summary: alert.annotations["summary"] ?? alert.annotations["description"] ?? "",
        description: alert.annotations["description"] ?? "",
        receivers: receiversOf(destinations, settings),
        byNamespace: byNamespace.map((route) => ({
          namespaces: route.namespaces,
          receivers: receiversOf(route.destinations, settings),
        })),
        runbookUrl: webLink(alert.annotations["runbook_url"]),
        dashboardUrl: webLink(alert.annotations["dashboard_url"]),
        expr: alert.expr,
        reads: readsInWords(alert.expr, interval),
        unproven: alert.annotations["proof"] === "unproven",
        problem,
        messages: messages(one),
      };
    })
    .concat(ofGrafana)
    .sort(
      (a, b) => severityRank(a.severity) - severityRank(b.severity) || (sortText(a) < sortText(b) ? -1 : 1),
    );
  const used = new Map<string, number>();
  return rows.map((row) => {
    const id = ["alert", row.name, row.service, row.slo]
      .filter(Boolean)
      .join("-")
      .replace(/[^\w-]/g, "-");
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return { ...row, id: times === 1 ? id : `${id}-${times}` };
  });
}

function sortText({ name, service, slo, for: duration, expr }: RowWithoutId): string {
  return [name, service ?? "", slo ?? "", duration, expr].join("\u0000");
}

/** The alert rules that Grafana evaluates. Grafana notifies its own contact points, without Alertmanager. */
export function grafanaRows(
  alerts: readonly RecordedGrafanaAlert[],
  contacts: GrafanaContacts,
  settings: Environment["grafana"],
): readonly RowWithoutId[] {
  const root = grafanaUrl(settings);
  return alerts.map(({ name, for: pending, labels, annotations, condition, contactPoint }) => {
    const severity = labels["severity"] ?? "none";
    const contact = contactPoint ?? contacts.byPolicy(severity);
    const { __dashboardUid__: uid, __panelId__: panel } = annotations;
    return {
      name,
      severity,
      team: labels["team"] ?? "",
      service: undefined,
      slo: undefined,
      by: "Grafana",
      for: pending,
      keepFiringFor: undefined,
      summary: annotations["summary"] ?? "",
      description: annotations["description"] ?? "",
      receivers: [
        contact === undefined
          ? { name: "the notification policy of Grafana", kind: "which the environment does not manage" }
          : { name: contact, kind: [contacts.kinds.get(contact), "from Grafana"].filter(Boolean).join(", ") },
      ],
      byNamespace: [],
      runbookUrl: webLink(annotations["runbook_url"]),
      dashboardUrl:
        root === undefined || uid === undefined
          ? undefined
          : webLink(`${root}/d/${uid}?viewPanel=${panel ?? ""}`),
      expr: condition,
      reads: undefined,
      unproven: false,
      problem: undefined,
      messages: (contacts.integrations.get(contact ?? "") ?? []).map((integration) => ({
        receiver: contact ?? "",
        message: grafanaMessage({ name, labels, annotations }, integration),
      })),
    };
  });
}

function webLink(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//.test(url) ? url : undefined;
}

/** The one count of alerts: a rule of Prometheus or of Grafana is one alert. */
export interface AlertCount {
  readonly all: number;
  readonly prometheus: number;
  readonly grafana: number;
  /** Different names: a rule about an objective has the name of the same rule about every other objective. */
  readonly names: number;
}

export function alertCount(alerts: readonly AlertRow[]): AlertCount {
  const grafana = alerts.filter(({ by }) => by === "Grafana").length;
  return {
    all: alerts.length,
    prometheus: alerts.length - grafana,
    grafana,
    names: new Set(alerts.map(({ name }) => name)).size,
  };
}
