import * as pulumi from "@pulumi/pulumi";
import { Alertmanager } from "../components/alertmanager/component.ts";
import { receiverPorts } from "../components/alertmanager/model.ts";
import { PlatformAlerts } from "../components/alerts/component.ts";
import { type ClusterHandle, EksCluster, ExistingCluster } from "../components/cluster/component.ts";
import { Grafana } from "../components/grafana/component.ts";
import type { WorkspacePlace } from "../components/grafana/workspace-place.ts";
import { awsHeartbeat } from "../components/heartbeat/model.ts";
import { Network } from "../components/network/component.ts";
import { ExistingNetwork } from "../components/network/existing-network.ts";
import { HANDOVER_OUTPUT } from "../components/platform/model.ts";
import { PlatformSettings } from "../components/platform/settings.ts";
import { Monitoring } from "../components/prometheus/component.ts";
import { operatedBy } from "../components/prometheus/existing-programs.ts";
import { ServiceMonitoring } from "../components/service/component.ts";
import type { Service } from "../components/service/model.ts";
import { DeletionGuard } from "../components/usage/component.ts";
import { namespacesOf } from "../components/workloads/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { environmentTraits } from "../stacks/rules.ts";
import { type Account, useAccount } from "./account.ts";
import {
  alertArgs,
  grafanaAddress,
  grafanaAlertArgs,
  grafanaFlowArgs,
  handoverArgs,
  ingressBlocks,
  serviceArgs,
} from "./args.ts";
import { createAutoscaler } from "./autoscaler.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createIngress } from "./ingress.ts";
import { after, pulledFrom } from "./objects.ts";
import { networkOutputs, type PlatformOutputs, volumeOutputs } from "./outputs.ts";
import { createSampleBucket, createStore } from "./store.ts";
import { createStoredRules } from "./stored-rules.ts";

/** What the platform is made of: an environment, the values of the secrets that it names, and the teams' services. */
export interface PlatformArgs {
  readonly environment: Environment;
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  readonly services: readonly Service[];
  /** The day of the deployment, as YYYY-MM-DD. */
  readonly today: string;
}

/** Creates one environment, top to bottom: network, cluster, monitoring, alerting, dashboards, services. */
export function deployPlatform(args: PlatformArgs): PlatformOutputs {
  const { environment, secrets, services, today } = args;
  const { name, prometheus, alertmanager, alerts, grafana } = environment;
  const protectData = environment.tier === "production";
  const traits = environmentTraits(environment);
  const namespaces = namespacesOf(environment);

  const account = useAccount(environment);
  const network = createNetwork(environment, account, protectData);
  const cluster = createCluster(environment, account, network, protectData);
  const pulled = pulledFrom(environment);
  const onCluster = { provider: cluster.provider, ...after({ objects: cluster.ready }, pulled) };

  createAutoscaler(environment, account, network, cluster, onCluster);
  const store = createStore(environment, account, cluster);
  const monitoring = new Monitoring(
    "monitoring",
    {
      settings: prometheus,
      cluster: traits,
      environment: name,
      namespaces,
      alertmanager: "alertmanager",
      grafana: grafana.kind === "in-cluster" ? "in-cluster" : "existing",
      notificationPorts: receiverPorts(alertmanager),
      ...(store && {
        remoteWrite: {
          url: store.remoteWriteUrl,
          region: store.region,
          after: store.ready,
          ...(store.writerRole && { role: store.writerRole }),
        },
      }),
      ...createSampleBucket(environment, account, cluster),
      ...grafanaFlowArgs(environment),
      ...ingressBlocks(environment),
      alertmanagerUsesAws: awsHeartbeat(alertmanager) !== undefined,
      secrets,
      protectData,
    },
    onCluster,
  );
  const onMonitoring = {
    provider: cluster.provider,
    ...after({ objects: monitoring.namespaces, operated: monitoring.ready }, pulled),
  };
  const { namespace } = monitoring;

  const heartbeat = createHeartbeat(environment, secrets, account, cluster);
  const alerting = new Alertmanager(
    "alertmanager",
    {
      settings: alertmanager,
      environment: name,
      cluster: traits,
      namespaces,
      ...operatedBy(prometheus.operator),
      ...grafanaAddress(environment),
      secrets,
      protectData,
    },
    { ...onMonitoring, dependsOn: heartbeat?.ready ?? [] },
  );
  const storedRules = createStoredRules(environment, services, secrets, account, store);
  const platformAlerts = new PlatformAlerts("platform-alerts", alertArgs(environment), onMonitoring);
  const dashboards = new Grafana(
    "grafana",
    {
      settings: grafana,
      alerts,
      services,
      teams: Object.keys(alertmanager.teams),
      cluster: traits,
      environment: name,
      scrapeInterval: prometheus.scrapeInterval,
      secrets,
      namespace,
      today,
      ...(store && { sampleStore: store }),
      ...grafanaAlertArgs(environment),
      ...(account !== undefined && { place: { ...account, ...vpcOf(network) } }),
      protectData,
    },
    // A workspace of Amazon's is not on the cluster, and waits for nothing there.
    grafana.kind === "amazon-managed" && account !== undefined
      ? { provider: account.provider }
      : { ...onMonitoring, providers: account === undefined ? [] : [account.provider] },
  );
  const { url, tokens } = dashboards;
  const monitored = Object.entries(serviceArgs(environment, services)).map(
    ([service, inputs]) => new ServiceMonitoring(service, inputs, onMonitoring),
  );
  const ingress = createIngress(args, account, network, cluster, {
    provider: cluster.provider,
    dependsOn: [monitoring, alerting, dashboards],
  });
  const below = [network, cluster, store?.store, storedRules].filter((part) => part !== undefined);
  new DeletionGuard(
    "deletion-guard",
    { namespace, platform: [...below, monitoring, alerting, platformAlerts, dashboards, ...monitored] },
    { provider: cluster.provider, dependsOn: monitoring.ready },
  );

  new PlatformSettings("settings", { environment });

  return {
    environment: name,
    clusterName: cluster.name,
    monitoringNamespace: namespace,
    ...networkOutputs(network),
    ...(cluster instanceof EksCluster && {
      securityGroupIds: cluster.securityGroupIds,
      oidcIssuer: cluster.oidcIssuer,
    }),
    ...(store && { sampleStore: { arn: store.arn, endpoint: store.endpoint } }),
    ...(ingress && { ingressAddress: ingress.address }),
    ...(url === undefined ? {} : { grafanaUrl: url }),
    ...(Object.keys(tokens).length === 0 ? {} : { grafanaTokens: tokens }),
    volumes: volumeOutputs(environment),
    [HANDOVER_OUTPUT]: pulumi.all([cluster.name, url]).apply(([clusterName, grafanaUrl]) => ({
      ...handoverArgs(environment, services),
      ...(grafanaUrl === undefined ? {} : { grafanaUrl }),
      clusterName,
    })),
  };
}

function createNetwork(
  { name, network, prometheus: { ingress } }: Environment,
  account: Account | undefined,
  protectData: boolean,
): Network | ExistingNetwork | undefined {
  if (account === undefined || network === undefined) return undefined;
  const { accountId, tags, provider } = account;
  if (network.existing !== undefined)
    return new ExistingNetwork("network", { settings: network }, { provider });
  return new Network(
    "network",
    {
      settings: network,
      clusterName: name,
      accountId,
      tags,
      protectData,
      withIngress: ingress?.kind === "alb" && ingress.scheme === "internal",
    },
    { provider },
  );
}

function vpcOf(network: Network | ExistingNetwork | undefined): Pick<WorkspacePlace, "vpc"> {
  if (network === undefined) return {};
  return { vpc: { id: network.vpcId, privateSubnetIds: Object.values(network.privateSubnetIds) } };
}

function createCluster(
  environment: Environment,
  account: Account | undefined,
  vpc: Network | ExistingNetwork | undefined,
  protectData: boolean,
): ClusterHandle & pulumi.Resource {
  const { name, network, cluster } = environment;
  if (cluster.kind === "existing")
    return new ExistingCluster(
      "cluster",
      {
        settings: cluster,
        ...(account && { place: { accountId: account.accountId, region: account.region } }),
      },
      account && { provider: account.provider },
    );
  // stacks/rules.ts refuses an EKS cluster without these long before this point.
  if (account === undefined || vpc === undefined || network === undefined)
    throw new Error("an EKS cluster without aws or network");
  const { accountId, region, tags, provider } = account;
  return new EksCluster(
    "cluster",
    {
      clusterName: name,
      settings: cluster,
      vpcId: vpc.vpcId,
      vpcCidr: network.cidr,
      podBlocks: network.podBlocks,
      privateSubnetIds: vpc.privateSubnetIds,
      accountId,
      region,
      keys: account.keys,
      tags,
      protectData,
    },
    { provider },
  );
}
