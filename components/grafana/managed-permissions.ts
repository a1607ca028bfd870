import { type AwsPlace, assumedBy, partitionOf, policy } from "../aws/model.ts";

// What an Amazon Managed Grafana workspace may do in AWS, and who may be it. As JSON, known before anything exists.

/** Grafana workspaces of this account, and no other account's: else any workspace could be told to use the role. */
export function workspaceTrust(place: AwsPlace): string {
  const { accountId, region } = place;
  return assumedBy("grafana.amazonaws.com", ["sts:AssumeRole"], {
    StringEquals: { "aws:SourceAccount": accountId },
    StringLike: {
      "aws:SourceArn": `arn:${partitionOf(region)}:grafana:${region}:${accountId}:/workspaces/*`,
    },
  });
}

/**
 * Reading CloudWatch's metrics and what a panel's lists are filled from. CloudWatch knows no metric as a resource, so the region is
 * the narrowest that there is; logs are left out, since none of the dashboards shows any.
 */
export function cloudWatchReading({ region }: AwsPlace): string {
  return policy({
    Sid: "ReadMetrics",
    Effect: "Allow",
    Action: [
      "cloudwatch:GetMetricData",
      "cloudwatch:ListMetrics",
      "cloudwatch:DescribeAlarmsForMetric",
      "tag:GetResources",
      "ec2:DescribeTags",
      "ec2:DescribeRegions",
    ],
    Resource: "*",
    Condition: { StringEquals: { "aws:RequestedRegion": region } },
  });
}

/** Asking one workspace of Amazon Managed Service for Prometheus, and no other. */
export function sampleReading(storeArn: string): string {
  return policy({
    Sid: "ReadSamples",
    Effect: "Allow",
    Action: ["aps:QueryMetrics", "aps:GetSeries", "aps:GetLabels", "aps:GetMetricMetadata"],
    Resource: storeArn,
  });
}
