import type * as pulumi from "@pulumi/pulumi";
import { Karpenter } from "../components/autoscaler/component.ts";
import { type ClusterHandle, EksCluster } from "../components/cluster/component.ts";
import type { Network } from "../components/network/component.ts";
import type { ExistingNetwork } from "../components/network/existing-network.ts";
import type { Environment } from "../stacks/environment.ts";
import type { Account } from "./account.ts";

/** Karpenter, where the environment asks for it. */
export function createAutoscaler(
  { name, cluster: settings }: Environment,
  account: Account | undefined,
  network: Network | ExistingNetwork | undefined,
  cluster: ClusterHandle,
  opts: pulumi.ComponentResourceOptions,
): Karpenter | undefined {
  if (settings.kind !== "eks" || settings.autoscaler.kind !== "karpenter") return undefined;
  // stacks/rules.ts refuses an EKS cluster without these.
  if (account === undefined || network === undefined || !(cluster instanceof EksCluster))
    throw new Error("an autoscaler outside EKS");
  const { provider, ...place } = account;
  return new Karpenter(
    "autoscaler",
    {
      ...place,
      pools: settings.autoscaler.pools,
      prefixDelegation: settings.prefixDelegation,
      cluster,
      clusterName: name,
      volumeKeyArn: cluster.volumeKeyArn,
      privateSubnetIds: network.privateSubnetIds,
      aws: provider,
    },
    opts,
  );
}
