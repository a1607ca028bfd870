import type { ISecret } from "kubernetes-models/v1/Secret";
import { stringify } from "yaml";
import { partitionOf } from "../aws/model.ts";
import { metadataOf, type Namespaces, placed, WORKLOADS } from "../workloads/model.ts";
import type { ObjectStorage } from "./model.ts";

/** The key of the Secret, and the name of the file that it is mounted as. */
export const OBJECT_STORAGE_FILE = "objstore.yml";

/** The configuration of an S3 bucket in Thanos' form. Credentials are those of the pod: EKS Pod Identity, or a role of its service account. */
export function s3Config({ bucket, region, kmsKeyArn }: ObjectStorage): string {
  return stringify({
    type: "S3",
    config: {
      bucket,
      endpoint: `s3.${region}.amazonaws.com${partitionOf(region) === "aws-cn" ? ".cn" : ""}`,
      region,
      // The SDK's own chain of credentials; the client's, which is the default, does not know the agent of EKS.
      aws_sdk_auth: true,
      ...(kmsKeyArn !== undefined && { sse_config: { type: "SSE-KMS", kms_key_id: kmsKeyArn } }),
    },
  });
}

/**
 * The Secret with the configuration of the object storage, without a name: all of Thanos reads it at the start alone, so that a new value
 * is a new object, and its name restarts the pods.
 */
export function renderObjectStorageSecret<Text>(
  namespaces: Namespaces,
  config: Text,
): ISecret & { readonly stringData: Readonly<Record<string, Text>> } {
  const { name: _, ...metadata } = metadataOf(placed(WORKLOADS.thanosStore, namespaces));
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    type: "Opaque",
    immutable: true,
    stringData: { [OBJECT_STORAGE_FILE]: config } as ISecret["stringData"] & Readonly<Record<string, Text>>,
  };
}
