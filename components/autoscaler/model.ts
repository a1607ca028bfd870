import { seconds } from "../core/duration.ts";
import type { Placed } from "../workloads/model.ts";

/** Karpenter's controller. It runs in kube-system, whose service accounts the API server answers first. */
export const KARPENTER = {
  name: "karpenter",
  home: "monitoring",
  namespace: "kube-system",
  instance: "karpenter",
  role: "autoscaler",
  ports: { metrics: 8080, health: 8081 },
} as const satisfies Placed;

/** Events of AWS by which Karpenter knows that a node is about to go, by the last part of the name of their rule. */
export const INTERRUPTIONS = {
  health: { source: "aws.health", detailType: "AWS Health Event" },
  spot: { source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  state: { source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  capacity: { source: "aws.ec2", detailType: "EC2 Capacity Reservation Instance Interruption Warning" },
} as const;

/** The name of the queue that the events go to. */
export function queueName(clusterName: string): string {
  return `${clusterName}-karpenter`;
}

/** The name of the rule of one kind of event. EventBridge takes 64 characters. */
export function ruleName(clusterName: string, event: keyof typeof INTERRUPTIONS): string {
  return `${clusterName}-karpenter-${event}`;
}

/** A duration of Prometheus in hours, which are the longest unit that Karpenter knows. */
export function inHours(duration: Parameters<typeof seconds>[0]): string {
  return `${Math.ceil(seconds(duration) / 3600)}h`;
}
