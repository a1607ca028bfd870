import type * as pulumi from "@pulumi/pulumi";
import { Network } from "../components/network/component.ts";
import type { ExistingNetwork } from "../components/network/existing-network.ts";
import type { HANDOVER_OUTPUT, PlatformHandover } from "../components/platform/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { growVolumesCommand, statedVolumes } from "./volumes.ts";

/** What a stack exports. Other programs read these through a StackReference. */
export interface PlatformOutputs {
  readonly environment: string;
  readonly clusterName: pulumi.Output<string>;
  readonly monitoringNamespace: string;
  /** The VPC of an EKS cluster that this program makes, new or existing. */
  readonly vpcId?: pulumi.Output<string>;
  /** Its private subnets by zone, in which the nodes are. */
  readonly privateSubnetIds?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Its public subnets by zone; only of a VPC that this program makes. */
  readonly publicSubnetIds?: Readonly<Record<string, pulumi.Output<string>>>;
  /** `api`: that of the private endpoint of the Kubernetes API. EKS's own is no output: previews do not always know it. */
  readonly securityGroupIds?: Readonly<Record<"api", pulumi.Output<string>>>;
  /** The issuer of the cluster's tokens, as an https URL: what a trust policy names. */
  readonly oidcIssuer?: pulumi.Output<string>;
  /** The workspace of Amazon Managed Service for Prometheus: its ARN, and its URL with a slash at the end. */
  readonly sampleStore?: Readonly<Record<"arn" | "endpoint", pulumi.Output<string>>>;
  /** The DNS name of the load balancer of `prometheus.ingress` of kind alb: what the names of the servers must lead to. */
  readonly ingressAddress?: pulumi.Output<string>;
  /** Where people open Grafana, if anywhere but through a port-forward. */
  readonly grafanaUrl?: pulumi.Input<string>;
  /** The tokens of programs' accounts in Grafana that are in use, by account; secrets. */
  readonly grafanaTokens?: Readonly<Record<string, pulumi.Output<string>>>;
  /**
   * The size of new volumes, by program, and the command for those that exist. A changed size changes no resource, so that this output is
   * where `pulumi preview` and `pulumi up` show it.
   */
  readonly volumes: Readonly<Record<string, string>>;
  /** All that the programs of teams need, as `Platform.fromStack` reads it. */
  readonly [HANDOVER_OUTPUT]: pulumi.Output<PlatformHandover>;
}

type NetworkOutputs = Pick<PlatformOutputs, "vpcId" | "privateSubnetIds" | "publicSubnetIds">;

/** The ids of a network; none where there is none to make. */
export function networkOutputs(network: Network | ExistingNetwork | undefined): NetworkOutputs {
  if (network === undefined) return {};
  const { vpcId, privateSubnetIds } = network;
  return {
    vpcId,
    privateSubnetIds,
    ...(network instanceof Network && { publicSubnetIds: network.publicSubnetIds }),
  };
}

/** What is said of the volumes of each program. */
export function volumeOutputs(environment: Environment): PlatformOutputs["volumes"] {
  const command = growVolumesCommand(environment.name);
  return Object.fromEntries(
    statedVolumes(environment).map(({ owner, size }) => [
      owner,
      `${size} when it is created; to grow one that exists: ${command}`,
    ]),
  );
}
