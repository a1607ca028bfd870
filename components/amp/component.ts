import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createKey } from "../aws/component.ts";
import { type AwsPlace, type Keys, keyPolicy } from "../aws/model.ts";
import type { PodCredentials } from "../cluster/model.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import { createServiceAccountRole } from "../cluster/service-account-role.ts";

/** What a workspace of Amazon Managed Service for Prometheus is made from. */
export interface MetricsStoreArgs extends AwsPlace {
  /** The environment's name, which the workspace carries. */
  readonly environment: string;
  /** Days that samples are kept. */
  readonly retentionDays: number;
  /** The EKS cluster whose Prometheus writes into it. */
  readonly cluster: { readonly name: pulumi.Output<string> };
  /** The cluster's name, as it is known before there is one. */
  readonly clusterName: string;
  /** Who writes: the service account of Prometheus. */
  readonly writer: { readonly namespace: string; readonly serviceAccount: string };
  /** How the writer's pods get their credentials. Default: EKS Pod Identity. */
  readonly credentials?: PodCredentials;
  /** Whose keys encrypt the samples. Default: those of AWS. */
  readonly keys?: Keys;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the workspace is protected from deletion. */
  readonly protectData: boolean;
}

/**
 * Where Prometheus' samples outlive the cluster: a workspace of Amazon Managed Service for Prometheus (AMP), and the right of one
 * service account to write into it, which comes from EKS Pod Identity or an IAM role for service accounts. Encrypted with a key of AWS
 * unless it is to have one of its own; nothing in it is a secret.
 */
export class MetricsStore extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly workspaceId: pulumi.Output<string>;
  /** The workspace's URL, with a slash at its end: where data sources ask. */
  readonly endpoint: pulumi.Output<string>;
  /** Where samples are sent to. */
  readonly remoteWriteUrl: pulumi.Output<string>;
  /** What a pod of the writer must come after: it gets its credentials when it starts, or never. */
  readonly ready: pulumi.Resource[];
  /** The role that the writer's service account names in its annotation; undefined with EKS Pod Identity, which needs none. */
  readonly writerRole: pulumi.Output<string> | undefined;

  constructor(name: string, args: MetricsStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bellwether:amp:MetricsStore", name, {}, opts);
    const { environment, retentionDays, writer, tags, protectData } = args;
    const child = { parent: this };
    // The service uses the key by grants, which it makes in the name of whoever creates the workspace.
    const key =
      args.keys === "own"
        ? createKey(
            `${name}-key`,
            { purpose: `the samples of ${environment}`, policy: keyPolicy(args), tags, protectData },
            child,
          )
        : undefined;
    const workspace = new aws.amp.Workspace(
      name,
      { alias: `bellwether-${environment}`, ...(key && { kmsKeyArn: key.arn }), tags },
      { ...child, protect: protectData },
    );
    new aws.amp.WorkspaceConfiguration(
      name,
      { workspaceId: workspace.id, retentionPeriodInDays: retentionDays },
      child,
    );
    // Writing into this workspace and into no other; reading is for others.
    // An object, and no text made of it: policies judge it in a preview, although the workspace's name in it is not known yet.
    const inlinePolicy: aws.iam.PolicyDocument = {
      Version: "2012-10-17",
      Statement: [
        { Sid: "WriteSamples", Effect: "Allow", Action: "aps:RemoteWrite", Resource: workspace.arn },
      ],
    };
    const inputs = { ...args, ...writer, inlinePolicy };
    const { credentials = { kind: "pod-identity" } } = args;
    if (credentials.kind === "irsa") {
      const role = createServiceAccountRole(
        `${name}-writer`,
        { ...inputs, oidcProvider: credentials.oidcProvider },
        child,
      );
      this.writerRole = role.arn;
      this.ready = [role.ready];
    } else this.ready = [createPodIdentity(`${name}-writer`, inputs, child)];
    this.arn = workspace.arn;
    this.workspaceId = workspace.id;
    this.endpoint = workspace.prometheusEndpoint;
    this.remoteWriteUrl = pulumi.interpolate`${workspace.prometheusEndpoint}api/v1/remote_write`;
    this.registerOutputs({ arn: this.arn, endpoint: this.endpoint });
  }
}
