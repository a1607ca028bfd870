import { LOAD_BALANCER } from "../../infra/aws/variants.ts";
import { ISOLATED_NETWORK } from "../network-samples.ts";
import { type Disagreement, one, receivers } from "./disagreement.ts";

const SAMPLE = "isolated";
const endpoints = ["network", "interfaceEndpoints"];
const without = (...services: readonly string[]) =>
  ISOLATED_NETWORK.interfaceEndpoints.filter((service) => !services.includes(service));
const topic = (region: string) => ({
  type: "sns",
  topicArn: `arn:aws:sns:${region}:111122223333:shop-alerts`,
});

/** The rules of a network without a way to the Internet, each broken once and by nothing else. */
export const ISOLATED_NETWORK_DISAGREEMENTS: readonly Disagreement[] = [
  ...ISOLATED_NETWORK.interfaceEndpoints.map((service) =>
    one(
      "isolated-network-has-its-endpoints",
      `no endpoint of ${service}`,
      SAMPLE,
      endpoints,
      without(service),
    ),
  ),
  {
    rule: "isolated-network-has-its-endpoints",
    says: "a topic of SNS without an endpoint",
    sample: SAMPLE,
    changes: [[[...receivers, "shop-chat"], topic("eu-central-1")]],
    at: "environment.network.interfaceEndpoints",
  },
  {
    rule: "isolated-network-has-its-endpoints",
    says: "alerts of CloudWatch without an endpoint",
    sample: SAMPLE,
    changes: [
      [
        ["grafana"],
        {
          kind: "in-cluster",
          adminPasswordSecret: "grafanaAdminPassword",
          alerting: { cloudWatch: { kind: "pod-identity" } },
        },
      ],
    ],
    at: "environment.network.interfaceEndpoints",
  },
  one(
    "isolated-network-has-a-mirror",
    "images of their projects",
    SAMPLE,
    ["images"],
    undefined,
    "images.registry",
  ),
  one(
    "isolated-network-has-a-mirror",
    "a mirror of one project's images alone",
    SAMPLE,
    ["images"],
    { registries: { "quay.io": "registry.example.com/quay" } },
    "images.registry",
  ),
  one(
    "isolated-network-has-a-mirror",
    "a mirror in another region",
    SAMPLE,
    ["images", "registry"],
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror",
  ),
  one(
    "isolated-network-asks-no-internet",
    "Karpenter without IAM",
    SAMPLE,
    ["cluster", "autoscaler"],
    { kind: "karpenter", pools: { general: { cpuLimit: 64, memoryLimit: "256Gi" } } },
    "cluster.autoscaler.kind",
  ),
  {
    rule: "isolated-network-asks-no-internet",
    says: "a load balancer that cannot reach the identity provider",
    sample: SAMPLE,
    changes: [
      [["network", "subnets"], undefined],
      [["prometheus", "ingress"], LOAD_BALANCER],
    ],
    at: "environment.prometheus.ingress.kind",
  },
  one("isolated-network-notifies", "pagers without a proxy", SAMPLE, ["alertmanager", "proxyUrl"], undefined),
  {
    rule: "isolated-network-notifies",
    says: "an alarm on heartbeats in another region",
    sample: SAMPLE,
    changes: [
      [
        [...receivers, "dead-mans-switch"],
        { type: "aws-heartbeat", region: "eu-west-1", emails: ["oncall@example.com"] },
      ],
    ],
    at: "environment.alertmanager.receivers.dead-mans-switch.type",
  },
  {
    rule: "isolated-network-notifies",
    says: "a topic in another region",
    sample: SAMPLE,
    changes: [
      [endpoints, [...ISOLATED_NETWORK.interfaceEndpoints, "sns"]],
      [[...receivers, "shop-chat"], topic("eu-west-1")],
    ],
    at: "environment.alertmanager.receivers.shop-chat.topicArn",
  },
  {
    rule: "network",
    says: "public subnets without a way to the Internet",
    sample: SAMPLE,
    changes: [
      [
        ["network", "subnets", "public"],
        ["10.40.128.0/24", "10.40.129.0/24", "10.40.130.0/24"],
      ],
    ],
    at: "environment.network.subnets.public",
  },
  one(
    "network",
    "NAT gateways without public subnets",
    "everything",
    ["network", "subnets", "public"],
    undefined,
  ),
];
