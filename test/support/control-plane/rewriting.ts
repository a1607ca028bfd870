import { parse, stringify } from "yaml";
import { shorterDocument } from "./faster.ts";

// What stands between the generated configuration and one that runs on loopback. Nothing else is changed: the tests compare.

/** Where things are that a pod has at fixed places, and the way to the pods. */
export interface Surroundings {
  readonly rules: string;
  /** Folder with `token` and `ca.crt`, as the kubelet mounts them. */
  readonly serviceAccount: string;
  readonly kubeconfig: string;
  readonly proxyUrl: string;
  /** What the sidecar replaces: `$(POD_NAME)` and `$(SHARD)`. */
  readonly podName: string;
  /** How many times faster time runs: see faster.ts. */
  readonly factor: number;
}

interface Discovering {
  readonly kubernetes_sd_configs?: readonly object[];
}

interface PrometheusConfig {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly (Discovering & { readonly job_name: string })[];
  readonly alerting: { readonly alertmanagers: readonly Discovering[]; readonly [field: string]: unknown };
  readonly remote_write?: unknown;
  readonly [section: string]: unknown;
}

/** The generated Prometheus configuration, with: paths, the API server's address, a proxy for each job, the sidecar's variables, and nothing sent on. */
export function rewritePrometheus(text: string, to: Surroundings): string {
  const local = text
    .replaceAll("$(POD_NAME)", to.podName)
    .replaceAll("$(SHARD)", "0")
    .replaceAll("/var/run/secrets/kubernetes.io/serviceaccount/", `${to.serviceAccount}/`);
  // Samples are sent on to AWS, with credentials of AWS: neither is here, and without them Prometheus takes no configuration.
  const { remote_write: _, ...config } = parse(local) as PrometheusConfig;
  const reached = <T extends Discovering>(found: T) => ({
    ...found,
    proxy_url: to.proxyUrl,
    ...(found.kubernetes_sd_configs && {
      kubernetes_sd_configs: found.kubernetes_sd_configs.map((discovery) => ({
        ...discovery,
        kubeconfig_file: to.kubeconfig,
      })),
    }),
  });
  const rewritten = {
    ...config,
    rule_files: [`${to.rules}/*.yaml`],
    scrape_configs: config.scrape_configs.map(reached),
    alerting: { ...config.alerting, alertmanagers: config.alerting.alertmanagers.map(reached) },
  };
  return stringify(shorterDocument(rewritten, to.factor), { aliasDuplicateObjects: false });
}

/** A rule file, faster. */
export function rewriteRules(text: string, factor: number): string {
  return factor === 1
    ? text
    : stringify(shorterDocument(parse(text) as unknown, factor), { aliasDuplicateObjects: false });
}

export interface AlertmanagerSurroundings {
  /** Folder with what is mounted at /etc/alertmanager. */
  readonly mounted: string;
  readonly pagerdutyUrl: string;
  readonly factor: number;
}

/** The generated Alertmanager configuration, with paths and PagerDuty's address. */
export function rewriteAlertmanager(text: string, to: AlertmanagerSurroundings): string {
  const config = parse(text.replaceAll("/etc/alertmanager/", `${to.mounted}/`)) as {
    readonly global?: object;
    readonly [section: string]: unknown;
  };
  const rewritten = { ...config, global: { ...config.global, pagerduty_url: to.pagerdutyUrl } };
  return stringify(shorterDocument(rewritten, to.factor), { aliasDuplicateObjects: false });
}
