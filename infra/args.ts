import { hoursInWords, incidentSeverities, receiverPorts } from "../components/alertmanager/model.ts";
import type { PlatformAlertsArgs } from "../components/alerts/component.ts";
import { eksNameOf } from "../components/cluster/model.ts";
import { alertingReceivers, reachable } from "../components/grafana/alerting/model.ts";
import type { AlertingArgs } from "../components/grafana/alerting/render.ts";
import { mainSource, queriedAddress } from "../components/grafana/data-sources.ts";
import { grafanaUrl } from "../components/grafana/model.ts";
import { teamFolder } from "../components/grafana/service-dashboards.ts";
import type { Served } from "../components/ingress/model.ts";
import { layoutOf } from "../components/network/model.ts";
import { HANDOVER_CONTRACT, type PlatformHandover, RELEASE } from "../components/platform/model.ts";
import { runsIn, type Service, withPaging } from "../components/service/model.ts";
import type { ServiceMonitoringArgs } from "../components/service/render.ts";
import type { GrafanaAddress } from "../components/signals/panels.ts";
import { namespacesOf } from "../components/workloads/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { environmentTraits } from "../stacks/rules.ts";

// What the components are given, derived from an environment without Pulumi. The program creates from it, and the preview
// proves the same alerts from it: neither can drift from the other.

/** The platform's own alerts. */
export function alertArgs(environment: Environment): PlatformAlertsArgs {
  const { owner, alerts, alertmanager, prometheus } = environment;
  return {
    settings: alerts,
    owner,
    incidentSeverities: incidentSeverities(alertmanager),
    cluster: environmentTraits(environment),
    scrapeInterval: prometheus.scrapeInterval,
    namespace: namespacesOf(environment).monitoring,
    rules: prometheus.rules,
    ...grafanaAddress(environment),
  };
}

/** The URL at which Grafana reaches Prometheus; undefined where it queries the long-term storage. */
function prometheusAddress(environment: Environment): string | undefined {
  const { grafana } = environment;
  if (grafana.kind !== "in-cluster") return grafana.prometheusUrl;
  const { monitoring: namespace } = namespacesOf(environment);
  return `http://${queriedAddress(namespace, environmentTraits(environment))}`;
}

/** Where alerts find their dashboards; nowhere, where people come through a port-forward. */
export function grafanaAddress({ name, grafana }: Environment): { readonly grafana?: GrafanaAddress } {
  const url = grafanaUrl(grafana);
  return url === undefined ? {} : { grafana: { url, environment: name } };
}

/** What Grafana alerts of by itself; nothing where it is not asked to. */
export function grafanaAlertArgs(environment: Environment): { readonly alerting?: AlertingArgs } {
  const { name, owner, aws, grafana, alertmanager, alerts } = environment;
  if (!("alerting" in grafana) || grafana.alerting === undefined) return {};
  return {
    alerting: {
      kind: grafana.kind,
      settings: grafana.alerting,
      environment: name,
      owner,
      alerts,
      receivers: alertingReceivers(alertmanager, owner),
      parameters: {
        heartbeatInterval: alertmanager.heartbeat.interval,
        clusterName: eksNameOf(environment.cluster, name) ?? name,
      },
      ...(aws && { region: aws.region }),
    },
  };
}

/** What a Grafana on the cluster that alerts by itself has to reach. */
export function grafanaFlowArgs(environment: Environment): {
  readonly grafanaPorts?: readonly number[];
  readonly grafanaReadsAws?: boolean;
} {
  const { alerting } = grafanaAlertArgs(environment);
  if (alerting === undefined || alerting.kind !== "in-cluster") return {};
  const { critical, warning } = reachable(alerting.receivers, alerting.kind);
  return {
    grafanaPorts: receiverPorts({ receivers: { ...critical, ...warning } }),
    grafanaReadsAws: alerting.settings.cloudWatch !== undefined,
  };
}

/** The blocks of the subnets that the load balancer is in: what the network policies let in. */
export function ingressBlocks({ network, prometheus: { ingress } }: Environment): {
  readonly ingressBlocks?: readonly string[];
} {
  if (ingress?.kind !== "alb" || network === undefined) return {};
  if (network.existing !== undefined) return { ingressBlocks: Object.values(ingress.subnets ?? {}) };
  const layout = layoutOf(network);
  return { ingressBlocks: Object.values(ingress.scheme === "internal" ? layout.ingress : layout.public) };
}

/** What a load balancer serves, and whom. */
export function ingressArgs({ network, cluster, grafana, prometheus: { ingress } }: Environment): {
  readonly served: readonly Served[];
  readonly sources: readonly string[];
} {
  if (ingress?.kind !== "alb") return { served: [], sources: [] };
  const connected = cluster.kind === "eks" ? cluster.endpoint.networks : [];
  const near = network === undefined ? [] : [network.cidr, ...connected, ...ingress.programs];
  return {
    served: ["prometheus", "alertmanager", ...(grafana.kind === "in-cluster" ? (["grafana"] as const) : [])],
    sources: ingress.sources ?? [...new Set(near)],
  };
}

/** The services that run in the environment, by name. */
export function serviceArgs(
  environment: Environment,
  services: readonly Service[],
): Readonly<Record<string, ServiceMonitoringArgs & { readonly namespace: string }>> {
  const { name, alerts, alertmanager, prometheus } = environment;
  const { monitoring } = namespacesOf(environment);
  return Object.fromEntries(
    services
      .filter((service) => runsIn(service, name))
      .map((service) => [
        service.name,
        {
          service: withPaging(service, alertmanager.pages),
          environment: name,
          runbookBaseUrl: alerts.runbookBaseUrl,
          scrapeInterval: prometheus.scrapeInterval,
          namespace: monitoring,
          monitoringNamespace: monitoring,
          rules: prometheus.rules,
          ...grafanaAddress(environment),
        },
      ]),
  );
}

/** What the environment's stack hands to the programs of teams, but for what only its cluster knows. */
export function handoverArgs(
  environment: Environment,
  services: readonly Service[],
): Omit<PlatformHandover, "clusterName"> {
  const { name, tier, prometheus, alertmanager, alerts, grafana, errorBudget } = environment;
  const url = grafanaUrl(grafana);
  return {
    contract: HANDOVER_CONTRACT,
    release: RELEASE,
    environment: name,
    tier,
    monitoringNamespace: namespacesOf(environment).monitoring,
    scrapeInterval: prometheus.scrapeInterval,
    retention: prometheus.retention,
    runbookBaseUrl: alerts.runbookBaseUrl,
    ...(url === undefined ? {} : { grafanaUrl: url }),
    grafana: {
      delivery: grafana.kind === "in-cluster" ? "config-maps" : "api",
      ...(grafana.kind === "existing" ? { orgId: String(grafana.orgId) } : {}),
      dataSource: mainSource(name, prometheusAddress(environment)),
      folders: Object.fromEntries(
        Object.keys(alertmanager.teams).map((team) => [team, teamFolder(team, name)]),
      ),
    },
    teams: Object.fromEntries(
      Object.entries(alertmanager.teams).map(([team, { critical, warning, hours }]) => [
        team,
        {
          critical,
          warning,
          ...(hours?.warning === undefined ? {} : { warningHours: hoursInWords(hours.warning) }),
        },
      ]),
    ),
    ...(errorBudget === undefined ? {} : { errorBudget }),
    ...(prometheus.otlp === undefined ? {} : { otlp: true }),
    pages: alertmanager.pages,
    namespaces: alertmanager.workloads?.namespaces ?? {},
    services: Object.fromEntries(
      services
        .filter((service) => runsIn(service, name))
        // The records under a former name are its history: nobody else takes the name.
        .flatMap(({ name: now, formerly, owner }) => [now, ...formerly].map((each) => [each, owner])),
    ),
  };
}
