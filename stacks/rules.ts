import { alertmanagerProblems, alertmanagerSecrets } from "../components/alertmanager/model.ts";
import { alertsProblems } from "../components/alerts/model.ts";
import { type ClusterTraits, clusterProblems, clusterTraits } from "../components/cluster/model.ts";
import { grafanaProblems, grafanaSecrets } from "../components/grafana/model.ts";
import { heartbeatSecrets } from "../components/heartbeat/model.ts";
import { networkProblems } from "../components/network/model.ts";
import { prometheusProblems, prometheusSecrets } from "../components/prometheus/model.ts";
import type { Environment } from "./environment.ts";
import { GLOBAL_OBJECTIVE_RULES } from "./rules/global-objectives.ts";
import { HEARTBEAT_RULES } from "./rules/heartbeat.ts";
import { INGRESS_RULES } from "./rules/ingress.ts";
import { ISOLATED_NETWORK_RULES } from "./rules/isolated-network.ts";
import { NAMESPACE_RULES } from "./rules/namespaces.ts";
import { NODE_RULES } from "./rules/nodes.ts";
import { type EnvironmentRule, ROOT } from "./rules/rule.ts";
import { SERVICE_RULES } from "./rules/services.ts";
import { STORE_RULES } from "./rules/store.ts";
import { STORED_RULES_RULES } from "./rules/stored-rules.ts";
import { SURROUNDINGS_RULES } from "./rules/surroundings.ts";
import { TEAM_RULES } from "./rules/teams.ts";

// These keys of the stack's config already mean something else.
const RESERVED = ["environment"];

const secretNamesAreFree: EnvironmentRule = {
  id: "secret-names-are-free",
  reads: ["prometheus", "alertmanager", "grafana"],
  check: (environment) =>
    secretsOf(environment)
      .filter(({ name }) => RESERVED.includes(name))
      .map(({ path }) => ({
        path,
        found: "a name that Bellwether uses itself",
        allowed: `any other name than ${RESERVED.join(", ")}`,
        fix: "rename the secret",
      })),
};

/** The secrets that an environment names, each with the path of the field that names it. */
export function secretsOf({
  prometheus,
  alertmanager,
  grafana,
}: Pick<Environment, "prometheus" | "alertmanager" | "grafana">): readonly {
  readonly name: string;
  readonly path: string;
}[] {
  return [
    ...prometheusSecrets(prometheus, `${ROOT}.prometheus`),
    ...alertmanagerSecrets(alertmanager, `${ROOT}.alertmanager`),
    ...heartbeatSecrets(alertmanager, `${ROOT}.alertmanager`),
    ...grafanaSecrets(grafana, `${ROOT}.grafana`),
  ];
}

/** Zones that pods can be spread over: the network's, or what an existing cluster says of itself. */
function zonesOf({ network, cluster }: Pick<Environment, "network" | "cluster">): number {
  return cluster.kind === "existing" ? cluster.zones : (network?.zones.length ?? 1);
}

/** What the rest of the platform needs to know of an environment's cluster before it exists. */
export function environmentTraits(
  environment: Pick<Environment, "name" | "network" | "cluster" | "prometheus">,
): ClusterTraits {
  const { name, cluster, prometheus } = environment;
  const traits = clusterTraits(cluster, name, zonesOf(environment));
  const { kind } = prometheus.store;
  if (kind === "none") return traits;
  if (kind !== "thanos") return { ...traits, store: "remote-write" };
  return {
    ...traits,
    store: kind,
    ...(prometheus.rules === "store" && { evaluator: "thanos-ruler" as const }),
    ...(prometheus.shards > 1 && { shards: prometheus.shards }),
  };
}

/** Every rule between fields, the slices' own among them. */
export const ENVIRONMENT_RULES: readonly EnvironmentRule[] = [
  ...SURROUNDINGS_RULES,
  ...ISOLATED_NETWORK_RULES,
  ...NODE_RULES,
  ...INGRESS_RULES,
  ...STORE_RULES,
  ...HEARTBEAT_RULES,
  ...STORED_RULES_RULES,
  ...GLOBAL_OBJECTIVE_RULES,
  ...NAMESPACE_RULES,
  ...TEAM_RULES,
  ...SERVICE_RULES,
  secretNamesAreFree,
  {
    id: "network",
    reads: ["network"],
    check: ({ network }) => (network === undefined ? [] : networkProblems(network, `${ROOT}.network`)),
  },
  {
    id: "cluster",
    reads: ["cluster"],
    check: ({ cluster }, { today }) => clusterProblems(cluster, `${ROOT}.cluster`, today),
  },
  {
    id: "prometheus",
    reads: ["prometheus", "network", "cluster"],
    check: (environment) =>
      prometheusProblems(environment.prometheus, `${ROOT}.prometheus`, zonesOf(environment)),
  },
  {
    id: "alertmanager",
    reads: ["alertmanager", "network", "cluster"],
    check: (environment) =>
      alertmanagerProblems(environment.alertmanager, `${ROOT}.alertmanager`, zonesOf(environment)),
  },
  {
    id: "alerts",
    reads: ["alerts", "name", "network", "cluster", "prometheus"],
    check: (environment) =>
      alertsProblems(environment.alerts, `${ROOT}.alerts`, environmentTraits(environment)),
  },
  {
    id: "grafana",
    reads: ["grafana"],
    check: ({ grafana }) => grafanaProblems(grafana, `${ROOT}.grafana`),
  },
];
