import * as pulumi from "@pulumi/pulumi";
import { notificationTopics } from "../components/alertmanager/model.ts";
import type { ClusterHandle } from "../components/cluster/component.ts";
import { eksNameOf } from "../components/cluster/model.ts";
import { HeartbeatAlarm } from "../components/heartbeat/component.ts";
import { awsHeartbeat } from "../components/heartbeat/model.ts";
import { namespacesOf } from "../components/workloads/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { type Account, providerOf } from "./account.ts";

/** The alarm on missing heartbeats in another region, where the environment has one. */
export function createHeartbeat(
  environment: Environment,
  secrets: Readonly<Record<string, pulumi.Output<string>>>,
  account: Account | undefined,
  cluster: ClusterHandle,
): HeartbeatAlarm | undefined {
  const { name, alertmanager, cluster: settings } = environment;
  const heartbeat = awsHeartbeat(alertmanager);
  const clusterName = eksNameOf(settings, name);
  // stacks/rules refuses it without an account and an EKS cluster.
  if (heartbeat === undefined || account === undefined || clusterName === undefined) return undefined;
  const { pagerUrlSecret } = heartbeat;
  return new HeartbeatAlarm(
    "heartbeat",
    {
      settings: heartbeat,
      environment: name,
      interval: alertmanager.heartbeat.interval,
      cluster: settings.kind === "eks" ? cluster : { name: pulumi.output(clusterName) },
      clusterName,
      region: account.region,
      namespaces: namespacesOf(environment),
      topics: notificationTopics(alertmanager),
      ...(pagerUrlSecret && { pagerUrl: pulumi.secret(secrets[pagerUrlSecret] ?? "") }),
      accountId: account.accountId,
      keys: account.keys,
      protectData: environment.tier === "production",
      tags: account.tags,
      elsewhere: providerOf("aws-heartbeat", { ...account, region: heartbeat.region }),
    },
    { provider: account.provider },
  );
}
