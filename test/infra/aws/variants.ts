import { ENDPOINT_SERVICES } from "../../../components/network/model.ts";

export const LOAD_BALANCER = {
  kind: "alb",
  domain: "prod.example.com",
  hostedZone: "Z0123456789ABCDEFGHIJ",
  certificate: { kind: "new", hostedZone: "Z9876543210ABCDEFGHIJ" },
  oidc: {
    issuer: "https://login.example.com",
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    userInfoEndpoint: "https://login.example.com/userinfo",
    clientId: "monitoring",
    clientSecretSecret: "ingressClientSecret",
  },
};

const MANAGED_GRAFANA = {
  kind: "amazon-managed",
  insideVpc: true,
  signIn: {
    kind: "saml",
    metadataUrl: "https://login.example.com/metadata.xml",
    roleAttribute: "role",
    administrators: ["platform"],
    editors: ["developers"],
  },
  cloudWatch: true,
};

const secretArn = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const topic = (name: string) => ({ type: "sns", topicArn: `arn:aws:sns:eu-central-1:111122223333:${name}` });

const RULES_IN_AMP = {
  prometheus: { store: { kind: "amp", series: "all" }, rules: "store" },
  grafana: MANAGED_GRAFANA,
  alertmanager: {
    receivers: {
      "platform-pager": { routingKeyArn: secretArn("platform-pager") },
      "shop-pager": { routingKeyArn: secretArn("shop-pager") },
      "platform-chat": { ...topic("platform-alerts"), webhookUrlSecret: null, channel: null },
      "shop-chat": { ...topic("shop-alerts"), webhookUrlSecret: null, channel: null },
      "safety-net": {
        ...topic("safety-net"),
        to: null,
        from: null,
        smarthost: null,
        username: null,
        passwordSecret: null,
      },
      "dead-mans-switch": {
        type: "aws-heartbeat",
        urlSecret: null,
        region: "eu-west-1",
        pagerUrlSecret: "heartbeatPagerUrl",
      },
    },
  },
};

const PULL_THROUGH = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";

/** The endpoints that a VPC without a way to the Internet needs, with samples in AMP. */
const ISOLATED_ENDPOINTS = ["aps-workspaces", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"];

/** Production in other forms that its schema offers: what to lay over its file, by what is said of it. */
export const VARIANTS: Readonly<Record<string, object>> = {
  "nodes on Graviton with Amazon Linux": {
    cluster: {
      nodeGroups: {
        general: { os: "al2023", architecture: "arm64", instanceTypes: ["m7g.xlarge"], diskSize: "100Gi" },
      },
    },
  },
  "prefix delegation, and spot instances for pods that tolerate them": {
    cluster: {
      prefixDelegation: true,
      nodeGroups: {
        batch: {
          instanceTypes: ["m7i.2xlarge", "m6i.2xlarge", "m6a.2xlarge"],
          capacity: "spot",
          minPerZone: 0,
          maxPerZone: 6,
          maxPods: 60,
          labels: { "example.com/workload": "batch" },
          taints: [{ key: "example.com/spot", value: "true", effect: "NoSchedule" }],
        },
      },
    },
  },
  "Karpenter, with a pool on demand and one of spot instances": {
    cluster: {
      autoscaler: {
        kind: "karpenter",
        pools: {
          general: { cpuLimit: 64, memoryLimit: "256Gi" },
          batch: {
            os: "al2023",
            imageRelease: "v20260818",
            architecture: "arm64",
            capacity: "spot",
            instanceTypes: ["m7g.2xlarge", "m8g.2xlarge", "c7g.4xlarge"],
            labels: { "example.com/workload": "batch" },
            taints: [{ key: "example.com/spot", value: "true", effect: "NoSchedule" }],
            diskSize: "100Gi",
            cpuLimit: 128,
            memoryLimit: "512Gi",
            expireAfter: "7d",
          },
        },
      },
    },
  },
  "own keys, Karpenter, and an alarm on heartbeats in another region": {
    aws: { keys: "own" },
    cluster: {
      autoscaler: { kind: "karpenter", pools: { general: { cpuLimit: 64, memoryLimit: "256Gi" } } },
    },
    alertmanager: {
      receivers: {
        "dead-mans-switch": {
          type: "aws-heartbeat",
          urlSecret: null,
          region: "eu-west-1",
          emails: ["oncall@example.com"],
        },
      },
    },
  },
  "a workspace of Amazon Managed Grafana with Identity Center": {
    grafana: {
      kind: "amazon-managed",
      signIn: {
        kind: "identity-center",
        administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"],
        editors: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"],
      },
      prometheusUrl: "https://prometheus.prod.example.com",
    },
  },
  "EKS Auto Mode": { cluster: { autoscaler: { kind: "auto-mode" } } },
  "all series in AMP, and a workspace of Amazon Managed Grafana inside the VPC with SAML": {
    prometheus: { store: { kind: "amp", series: "all" } },
    grafana: MANAGED_GRAFANA,
  },
  "Thanos with a bucket of its own": {
    prometheus: { store: { kind: "thanos", bucket: { kind: "created" } } },
  },
  "Thanos that evaluates the rules": {
    prometheus: { store: { kind: "thanos", bucket: { kind: "created" } }, rules: "store" },
  },
  "a VPC that exists, and callers from connected networks": {
    network: {
      existing: {
        vpcId: "vpc-0123456789abcdef0",
        privateSubnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
      },
    },
    cluster: { endpoint: { access: "private", networks: ["10.8.0.0/16", "192.168.16.0/20"] } },
  },
  "blocks of their own for pods, and a zone that the control plane does not have": {
    network: {
      zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d"],
      podBlocks: ["100.64.0.0/16", "10.140.0.0/18"],
      interfaceEndpoints: ["sts"],
    },
    cluster: { controlPlaneZones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] },
  },
  "interface endpoints": {
    network: {
      interfaceEndpoints: ENDPOINT_SERVICES,
    },
  },
  "no way to the Internet, a mirror of all images, and a proxy for the pager": {
    network: { natGateways: "none", interfaceEndpoints: ISOLATED_ENDPOINTS },
    cluster: { endpoint: { access: "private", networks: ["10.8.0.0/16"] } },
    images: {
      registry: `${PULL_THROUGH}/mirror`,
      digests: { prometheus: `sha256:${"0123456789abcdef".repeat(4)}` },
    },
    alertmanager: { proxyUrl: "http://proxy.example.com:3128" },
  },
  "a load balancer with sign-in, and Grafana on the cluster": {
    prometheus: { ingress: LOAD_BALANCER },
    grafana: {
      kind: "in-cluster",
      adminPasswordSecret: "grafanaAdminPassword",
      alerting: { cloudWatch: { kind: "pod-identity" } },
    },
  },
  "a load balancer with public addresses and a certificate that exists": {
    prometheus: {
      ingress: {
        ...LOAD_BALANCER,
        scheme: "internet-facing",
        sources: ["203.0.113.0/24", "198.51.100.7/32"],
        programs: ["198.51.100.7/32"],
        hostedZone: null,
        certificate: {
          kind: "existing",
          arn: "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
        },
      },
    },
  },
  "an alarm on heartbeats in another region": {
    alertmanager: {
      receivers: {
        "dead-mans-switch": {
          type: "aws-heartbeat",
          urlSecret: null,
          region: "eu-west-1",
          pagerUrlSecret: "heartbeatPagerUrl",
          emails: ["oncall@example.com"],
        },
      },
    },
  },
  "rules in AMP, whose alert manager pages PagerDuty and publishes to SNS": RULES_IN_AMP,
  "own keys and rules in AMP": { aws: { keys: "own" }, ...RULES_IN_AMP },
  "own keys and Thanos with a bucket of its own": {
    aws: { keys: "own" },
    prometheus: { store: { kind: "thanos", bucket: { kind: "created" } } },
  },
  "one NAT gateway and a public endpoint": {
    network: { natGateways: "single" },
    cluster: { endpoint: { access: "public", allowedCidrs: ["203.0.113.0/24"] } },
  },
};
