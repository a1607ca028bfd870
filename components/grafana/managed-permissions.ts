import { type AwsPlace, assumedBy, partitionOf, policy } from "../aws/model.ts";

// The trust policy and the permissions of an Amazon Managed Grafana workspace, as JSON.

/** Only workspaces of this account may assume the role. Without the condition, workspaces of other accounts could use it. */
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
 * Permission to read CloudWatch metrics and to fill the lists of the query editor. Metrics have no ARNs, so the permission can be limited
 * only by region. It excludes logs, because no dashboard shows logs.
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

/** Permission to query one AMP workspace. */
export function sampleReading(storeArn: string): string {
  return policy({
    Sid: "ReadSamples",
    Effect: "Allow",
    Action: ["aps:QueryMetrics", "aps:GetSeries", "aps:GetLabels", "aps:GetMetricMetadata"],
    Resource: storeArn,
  });
}
