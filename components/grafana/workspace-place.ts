import type * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../aws/model.ts";

/** Account, region and VPC of an Amazon Managed Grafana workspace. */
export interface WorkspacePlace extends AwsPlace {
  /** The VPC from which the workspace queries its data sources, if it does. */
  readonly vpc?: {
    readonly id: pulumi.Input<string>;
    readonly privateSubnetIds: readonly pulumi.Input<string>[];
  };
  readonly tags: Readonly<Record<string, string>>;
}
