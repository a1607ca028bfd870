import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Alertmanager } from "../components/alertmanager/component.ts";
import { receiverPorts } from "../components/alertmanager/model.ts";
import { PlatformAlerts } from "../components/alerts/component.ts";
import { type ClusterHandle, EksCluster, ExistingCluster } from "../components/cluster/component.ts";
import { Grafana } from "../components/grafana/component.ts";
import { Network } from "../components/network/component.ts";
import { Monitoring } from "../components/prometheus/component.ts";
import { ServiceMonitoring } from "../components/service/component.ts";
import type { Service } from "../components/service/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { alertInputs, serviceInputs, traitsOf } from "./inputs.ts";

/** What the platform is made of: an environment, the values of the secrets that it names, and the teams' services. */
export interface PlatformInputs {
  readonly environment: Environment;
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  readonly services: readonly Service[];
}

/** What a stack exports. Other programs read these through a StackReference. */
export interface PlatformOutputs {
  readonly environment: string;
  readonly clusterName: pulumi.Output<string>;
  readonly monitoringNamespace: string;
  /** Where people open Grafana, if anywhere but through a port-forward. */
  readonly grafanaUrl?: string;
}

/** Creates one environment, top to bottom: network, cluster, monitoring, alerting, dashboards, services. */
export function deployPlatform({ environment, secrets, services }: PlatformInputs): PlatformOutputs {
  const { name, prometheus, alertmanager, alerts, grafana } = environment;
  const protectData = environment.tier === "production";
  const traits = traitsOf(environment);

  const cluster = createCluster(environment, protectData);
  const onCluster = { provider: cluster.provider, ...after(cluster.ready) };

  const monitoring = new Monitoring(
    "monitoring",
    {
      settings: prometheus,
      cluster: traits,
      environment: name,
      alertmanager: "alertmanager",
      grafana: grafana.kind,
      notificationPorts: receiverPorts(alertmanager),
      protectData,
    },
    onCluster,
  );
  const onMonitoring = { provider: cluster.provider, ...after(monitoring.ready) };
  const { namespace } = monitoring;

  new Alertmanager(
    "alertmanager",
    { settings: alertmanager, environment: name, cluster: traits, secrets, protectData },
    onMonitoring,
  );
  new PlatformAlerts("platform-alerts", alertInputs(environment), onMonitoring);
  const { url } = new Grafana(
    "grafana",
    {
      settings: grafana,
      alerts,
      cluster: traits,
      environment: name,
      scrapeInterval: prometheus.scrapeInterval,
      secrets,
      namespace,
      protectData,
    },
    onMonitoring,
  );
  for (const [service, inputs] of Object.entries(serviceInputs(environment, services)))
    new ServiceMonitoring(service, inputs, onMonitoring);

  return {
    environment: name,
    clusterName: cluster.name,
    monitoringNamespace: namespace,
    ...(url === undefined ? {} : { grafanaUrl: url }),
  };
}

/**
 * Makes a component and all its children depend on resources. A component's own `dependsOn` orders how its children are
 * created, but is not written down for each of them, and it is by what is written down that Pulumi deletes: without this,
 * `destroy` would take the nodes and the operator away while what runs on them is still being deleted.
 */
function after(resources: readonly pulumi.Resource[]): pulumi.ComponentResourceOptions {
  return {
    transformations: [
      ({ props, opts }) => ({ props, opts: pulumi.mergeOptions(opts, { dependsOn: [...resources] }) }),
    ],
  };
}

function createCluster(environment: Environment, protectData: boolean): ClusterHandle {
  const { name, aws: account, network, cluster } = environment;
  if (cluster.kind === "existing") return new ExistingCluster("cluster", { settings: cluster });
  // stacks/rules.ts refuses an EKS cluster without these two long before this point.
  if (account === undefined || network === undefined)
    throw new Error("an EKS cluster without aws or network");

  const tags = { "bellwether:environment": name, "bellwether:managed-by": "pulumi" };
  const { accountId, region } = account;
  const provider = new aws.Provider("aws", {
    region: region as aws.Region,
    allowedAccountIds: [accountId],
    defaultTags: { tags },
  });
  const vpc = new Network(
    "network",
    { settings: network, clusterName: name, accountId, tags, protectData },
    { provider },
  );
  return new EksCluster(
    "cluster",
    {
      clusterName: name,
      settings: cluster,
      vpcId: vpc.vpcId,
      vpcCidr: network.cidr,
      privateSubnetIds: vpc.privateSubnetIds,
      accountId,
      region,
      tags,
      protectData,
    },
    { provider },
  );
}
