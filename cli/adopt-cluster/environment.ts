import { stringify } from "yaml";
import type { Tier } from "../../stacks/environment.ts";
import { TIER_DEFAULTS } from "../../stacks/tiers.ts";
import { ENVIRONMENT_KEY } from "../stack-yaml.ts";
import type { FoundService, Inventory } from "./inventory.ts";

/** What a cluster does not say of its environment. */
export interface EnvironmentChoices {
  readonly name: string;
  readonly tier: Tier;
  readonly owner: string;
  /** The owners of the services, who need receivers. */
  readonly teams: readonly string[];
  readonly context: string;
  readonly kubeconfig?: string;
}

/** The account, the region and the name in the ARN of an EKS cluster, which `aws eks update-kubeconfig` calls its contexts by. */
const EKS_ARN = /^arn:aws[a-z-]*:eks:([a-z0-9-]+):(\d{12}):cluster\/([0-9A-Za-z][\w-]{0,99})$/;

/** The environment of a cluster that exists, beside what runs there, as the YAML of its file. */
export function environmentFile(inventory: Inventory, choices: EnvironmentChoices): string {
  return fileOf(environmentOf(inventory, choices));
}

/** The file of an environment. */
export function fileOf(environment: object): string {
  const config = { "pulumi:disable-default-providers": ["*"], [ENVIRONMENT_KEY]: environment };
  const head = "# yaml-language-server: $schema=./environment.schema.json\n";
  return head + stringify({ config }, { lineWidth: 0 });
}

/** The environment as its file has it, without the defaults of its tier. */
export function environmentOf(inventory: Inventory, choices: EnvironmentChoices) {
  const { name, tier, owner, teams, context, kubeconfig } = choices;
  const [, region, accountId, eksName] = EKS_ARN.exec(context) ?? [];
  const everybody = [...new Set([owner, ...teams])].sort();
  const routes = { critical: ["notifications"], warning: ["notifications"] };
  const alertmanagerReplicas = fitting(tier, "alertmanager", inventory.zones);
  return {
    name,
    tier,
    owner,
    ...(eksName !== undefined && { aws: { accountId, region } }),
    cluster: {
      kind: "existing",
      name: clusterName(eksName ?? context),
      context,
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(eksName !== undefined && { eks: { name: eksName } }),
      ...(eksName === undefined && inventory.isEks && { distribution: "eks" }),
      storageClass: storageClass(inventory),
      zones: inventory.zones,
    },
    ...(inventory.takenNamespaces.length > 0 && { namespaces: inventory.namespaces }),
    ...prometheusOf(inventory, tier),
    alertmanager: {
      ...(alertmanagerReplicas !== undefined && { replicas: alertmanagerReplicas }),
      receivers: {
        notifications: { type: "webhook", urlSecret: "notificationsUrl" },
        heartbeat: { type: "webhook", urlSecret: "heartbeatUrl" },
      },
      fallback: "notifications",
      heartbeat: { receiver: "heartbeat" },
      teams: Object.fromEntries(everybody.map((team) => [team, routes])),
    },
    grafana: { kind: "in-cluster", adminPasswordSecret: "grafanaAdminPassword" },
  };
}

function prometheusOf(inventory: Inventory, tier: Tier) {
  const { hasDefinitions, operators, prometheuses, kubeStateMetrics, nodeExporter, ingress } = inventory;
  const replicas = fitting(tier, "prometheus", inventory.zones);
  const settings = {
    ...(hasDefinitions && { crds: "external" }),
    ...(operators.length > 0 && { operator: { kind: "beside" } }),
    ...((operators.length > 0 || prometheuses.length > 0) && { monitors: "own" }),
    ...(kubeStateMetrics && {
      kubeStateMetrics: existing(kubeStateMetrics, telemetryPort(kubeStateMetrics)),
    }),
    ...(nodeExporter && { nodeExporter: existing(nodeExporter) }),
    ...(replicas !== undefined && { replicas }),
    ...(ingress !== undefined && { ingress: { kind: "namespace", namespace: ingress } }),
  };
  return Object.keys(settings).length === 0 ? {} : { prometheus: settings };
}

function existing({ namespace, matchLabels, ports: [port] }: FoundService, more: object = {}) {
  return { kind: "existing", namespace, matchLabels, port, ...more };
}

function telemetryPort({ ports }: FoundService): object {
  const port = ports.find((each) => /telemetry|self/.test(each));
  return port === undefined || port === ports[0] ? {} : { telemetryPort: port };
}

/** Fewer replicas than the tier's, if there are fewer zones: two in one zone are lost together. */
function fitting(tier: Tier, program: "prometheus" | "alertmanager", zones: number): number | undefined {
  const { replicas } = TIER_DEFAULTS[tier][program] as { readonly replicas: number };
  return replicas > zones ? zones : undefined;
}

function storageClass({ storageClasses }: Inventory): string {
  const chosen = storageClasses.find(({ isDefault }) => isDefault) ?? storageClasses[0];
  return chosen?.name ?? "standard";
}

/** A name for labels from that of a context, which may have any characters. */
function clusterName(context: string): string {
  const name = context
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 63);
  return name === "" ? "cluster" : name;
}
