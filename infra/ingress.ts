import * as pulumi from "@pulumi/pulumi";
import { type ClusterHandle, EksCluster } from "../components/cluster/component.ts";
import { pulledImage } from "../components/images/model.ts";
import { Ingress } from "../components/ingress/component.ts";
import type { AlbSettings } from "../components/ingress/model.ts";
import { Network } from "../components/network/component.ts";
import type { ExistingNetwork } from "../components/network/existing-network.ts";
import { namespacesOf } from "../components/workloads/model.ts";
import type { Environment } from "../stacks/environment.ts";
import type { Account } from "./account.ts";
import { ingressArgs } from "./args.ts";

/** The load balancer in front of the monitoring, where there is one. */
export function createIngress(
  {
    environment,
    secrets,
  }: {
    readonly environment: Environment;
    readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  },
  account: Account | undefined,
  network: Network | ExistingNetwork | undefined,
  cluster: ClusterHandle,
  opts: pulumi.ComponentResourceOptions,
): Ingress | undefined {
  const { name, prometheus, images = {} } = environment;
  const { ingress } = prometheus;
  if (ingress?.kind !== "alb") return undefined;
  // stacks/rules.ts refuses a load balancer without these.
  if (account === undefined || network === undefined || !(cluster instanceof EksCluster))
    throw new Error("a load balancer outside EKS");
  const { provider, ...place } = account;
  return new Ingress(
    "ingress",
    {
      ...place,
      ...ingressArgs(environment),
      settings: ingress,
      namespaces: namespacesOf(environment),
      cluster,
      clusterName: name,
      vpcId: network.vpcId,
      subnetIds: subnetsOfIngress(ingress, network),
      image: pulledImage("loadBalancerController", images),
      clientSecret: pulumi.secret(secrets[ingress.oidc.clientSecretSecret] ?? ""),
      aws: provider,
    },
    opts,
  );
}

function subnetsOfIngress(
  { scheme, subnets }: AlbSettings,
  network: Network | ExistingNetwork,
): readonly pulumi.Input<string>[] {
  if (!(network instanceof Network)) return Object.keys(subnets ?? {});
  return Object.values(scheme === "internal" ? network.ingressSubnetIds : network.publicSubnetIds);
}
