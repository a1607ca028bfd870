import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import type { AwsPlace, Keys } from "../aws/model.ts";
import type { EksSettings } from "./model.ts";

/** What an EKS cluster is made from. */
export interface EksClusterArgs extends AwsPlace {
  /** The physical name, unique in account and region. */
  readonly clusterName: string;
  readonly settings: EksSettings;
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's block: from all of it the API is reached, on 443. */
  readonly vpcCidr: string;
  /** Further blocks of the VPC, from which the API is reached, too. Default: none. */
  readonly podBlocks?: readonly string[];
  /** Private subnet by zone, two or more. An id must be known only once its subnet is routed, as `Network` sees to. */
  readonly privateSubnetIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whose keys encrypt disks and volumes. Default: those of AWS. */
  readonly keys?: Keys;
  readonly tags: Tags;
  /** Whether the cluster, its keys and its logs are kept. */
  readonly protectData: boolean;
}
