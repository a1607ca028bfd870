import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, assumedByPods, policy } from "../../aws/model.ts";
import { WORKLOADS } from "../../workloads/model.ts";

export interface CloudWatchAccessArgs extends AwsPlace {
  readonly clusterName: string;
  /** The namespace of Grafana's service account. */
  readonly namespace: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The permissions that Grafana's data source needs to read metrics: GetMetricData runs the queries, and the others fill the lists of
 * its editor. None of them supports a resource ARN (Service Authorization Reference, CloudWatch), hence `*`.
 */
const READS = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "cloudwatch:DescribeAlarmsForMetric"];

/** Lets the pods of Grafana's service account read CloudWatch, through EKS Pod Identity. Returns the last resource that is needed. */
export function createCloudWatchAccess(
  name: string,
  { clusterName, namespace, region, tags }: CloudWatchAccessArgs,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const serviceAccount = WORKLOADS.grafana.name;
  const role = new aws.iam.Role(
    name,
    {
      name: `${clusterName}-grafana-${region}`,
      assumeRolePolicy: assumedByPods({ clusterName, namespace, serviceAccount }),
      tags,
    },
    child,
  );
  const reads = new aws.iam.RolePolicy(
    name,
    { role: role.name, policy: policy({ Effect: "Allow", Action: READS, Resource: "*" }) },
    child,
  );
  return new aws.eks.PodIdentityAssociation(
    name,
    { clusterName, namespace, serviceAccount, roleArn: role.arn, tags },
    { ...child, dependsOn: reads },
  );
}
