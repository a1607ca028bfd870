import type * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../aws/model.ts";

/** Where an Amazon Managed Grafana workspace is made. */
export interface WorkspacePlace extends AwsPlace {
  /** The VPC that the workspace asks its data sources from, if it does. */
  readonly vpc?: {
    readonly id: pulumi.Input<string>;
    readonly privateSubnetIds: readonly pulumi.Input<string>[];
  };
  readonly tags: Readonly<Record<string, string>>;
}
