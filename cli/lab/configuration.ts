import { stringify } from "yaml";
import { renderAlertmanager, WATCHDOG } from "../../components/alertmanager/render.ts";
import { renderAlertRules } from "../../components/alerts/render.ts";
import type { RuleGroup } from "../../components/core/rules.ts";
import { selectorsOf } from "../../components/promql/expression.ts";
import { parseQuery } from "../../components/promql/parse.ts";
import type { Service } from "../../components/service/model.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
import { JOBS } from "../../components/signals/jobs.ts";
import { alertArgs, grafanaAddress } from "../../infra/args.ts";
import type { Environment } from "../../stacks/environment.ts";
import { environmentTraits } from "../../stacks/rules.ts";
import { CLUSTER_METRICS } from "./cluster.ts";
import { fasterRouting, fasterRules, shorter } from "./compressed-time.ts";
import { notifying, printed } from "./receivers.ts";

/** Where the exporter has what kube-state-metrics would say. No service has such a name. */
export const CLUSTER_PATH = "/-/kube-state-metrics";

/** What Prometheus assumes where it is told nothing: cmd/prometheus, --help-long, 3.13. */
const DEFAULTS = {
  "rules.alert.resend-delay": "1m",
  "rules.alert.for-outage-tolerance": "1h",
  "rules.alert.for-grace-period": "10m",
  "query.lookback-delta": "5m",
} as const;

/**
 * The rule groups of the services as they are rendered, without those of objectives that are not simulated, and those of the platform
 * whose metrics are there.
 */
export function ruleGroups(
  environment: Environment,
  services: readonly ServiceMonitoringArgs[],
  {
    faster,
    isSimulated,
  }: { readonly faster: number; readonly isSimulated: (service: string, slo: string) => boolean },
): readonly RuleGroup[] {
  const ofServices = services.flatMap((args) =>
    ruleGroupsOf(args.service, args).filter(({ rules }) =>
      rules.every(
        ({ labels }) => labels?.["slo"] === undefined || isSimulated(args.service.name, labels["slo"]),
      ),
    ),
  );
  return [...ofServices, ...platformGroups(environment)].map((group) => fasterRules(group, faster));
}

/** The platform's rule groups, with those alerts alone whose metrics are there: the one that always fires, and those about nodes and pods. */
export function platformGroups(environment: Environment): readonly RuleGroup[] {
  return Object.values(renderAlertRules(alertArgs(environment)))
    .flatMap(groupsIn)
    .flatMap((group) => {
      const rules = group.rules.filter(
        (rule) => "alert" in rule && (rule.alert === WATCHDOG || readsTheCluster(rule.expr)),
      );
      const { interval = environment.prometheus.scrapeInterval } = group;
      return rules.length === 0 ? [] : [{ ...group, interval, rules }];
    });
}

function readsTheCluster(expr: string): boolean {
  const metrics = selectorsOf(parseQuery(expr)).map(({ metric }) => metric);
  return metrics.length > 0 && metrics.every((metric) => metric !== undefined && CLUSTER_METRICS.has(metric));
}

function groupsIn(rule: { readonly spec?: unknown }): readonly RuleGroup[] {
  return (rule.spec as { readonly groups: readonly RuleGroup[] }).groups;
}

/** What Prometheus of the lab is started with, beside its configuration. */
export function prometheusFlags(faster: number): readonly string[] {
  return Object.entries(DEFAULTS).map(([flag, length]) => `--${flag}=${shorter(length, faster)}`);
}

/** Where the programs of the lab are, each as `host:port`. */
export interface Addresses {
  readonly exporter: string;
  readonly alertmanager: string;
}

/** A service that is scraped. */
export interface LabTarget {
  readonly service: Service;
  /** Whether its histograms are to be native ones; left out: no. */
  readonly isNative?: boolean;
}

export function prometheusConfig(
  environment: Environment,
  services: readonly LabTarget[],
  { exporter, alertmanager }: Addresses,
  faster: number,
): string {
  const interval = shorter(environment.prometheus.scrapeInterval, faster);
  return stringify({
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
      external_labels: { cluster: environmentTraits(environment).name, environment: environment.name },
    },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    rule_files: ["rules.yaml"],
    // The labels that a monitor sets. The lab's series may have labels of their own.
    scrape_configs: [
      {
        job_name: JOBS.kubeStateMetrics,
        metrics_path: CLUSTER_PATH,
        honor_labels: true,
        static_configs: [{ targets: [exporter], labels: { endpoint: "http" } }],
      },
      ...services.map(({ service, isNative }) => ({
        job_name: service.name,
        metrics_path: `/${service.name}`,
        honor_labels: true,
        ...(isNative && { convert_classic_histograms_to_nhcb: true }),
        static_configs: [
          {
            targets: [exporter],
            labels: {
              namespace: service.namespace,
              service: service.name,
              team: service.owner,
              pod: `${service.name}-0`,
            },
          },
        ],
      })),
    ],
  });
}

/** Alertmanager's configuration and templates as they are rendered. */
export interface RenderedAlertmanager {
  readonly configuration: string;
  readonly templates: string;
}

export function renderedAlertmanager(environment: Environment): RenderedAlertmanager {
  const { before } = renderAlertmanager({
    settings: environment.alertmanager,
    environment: environment.name,
    cluster: environmentTraits(environment),
    ...grafanaAddress(environment),
  });
  const texts = (map: unknown) => Object.values((map ?? {}) as Readonly<Record<string, string>>);
  return {
    configuration: texts(before.config.stringData)[0] ?? "",
    templates: texts(before.templates.data).join("\n"),
  };
}

/** The configuration for the lab: every receiver that notifies posts to `url`, below its own name, and waits are as much shorter as time is faster. */
export function alertmanagerConfig(configuration: string, url: string, faster: number): string {
  return printed(fasterRouting(notifying(configuration, url, { resolved: true }), faster));
}
