type Tree = Record<string, unknown>;

/** A load balancer that only networks of the company reach. */
export const ALB = {
  kind: "alb",
  domain: "prod.example.com",
  hostedZone: "Z0123456789ABCDEFGHIJ",
  certificate: { kind: "new", hostedZone: "Z9876543210ABCDEFGHIJ" },
  scheme: "internal",
  programs: ["10.8.4.0/24"],
  oidc: {
    issuer: "https://login.example.com/",
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    userInfoEndpoint: "https://login.example.com/userinfo",
    clientId: "monitoring",
    clientSecretSecret: "ingressClientSecret",
  },
};

/** Environments with a load balancer of their own: in a VPC that is made, and in one that exists. */
export function samplesServed(prod: Tree): Record<string, Tree> {
  return {
    served: {
      ...prod,
      name: "served",
      prometheus: { ...(prod["prometheus"] as Tree), ingress: ALB },
    },
    guarded: {
      ...prod,
      name: "guarded",
      alertmanager: {
        ...(prod["alertmanager"] as Tree),
        receivers: {
          ...((prod["alertmanager"] as Tree)["receivers"] as Tree),
          "dead-mans-switch": {
            type: "aws-heartbeat",
            region: "eu-west-1",
            pagerUrlSecret: "heartbeatPagerUrl",
            emails: ["oncall@example.com"],
          },
        },
      },
      network: {
        ...(prod["network"] as Tree),
        existing: {
          vpcId: "vpc-0123456789abcdef0",
          privateSubnets: [
            "subnet-0123456789abcdef0",
            "subnet-0123456789abcdef1",
            "subnet-0123456789abcdef2",
          ],
        },
      },
      prometheus: {
        ...(prod["prometheus"] as Tree),
        ingress: {
          ...ALB,
          certificate: {
            kind: "existing",
            arn: "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
          },
          sources: ["10.0.0.0/8"],
          subnets: {
            "subnet-0123456789abcdef3": "10.40.200.0/27",
            "subnet-0123456789abcdef4": "10.40.200.32/27",
          },
        },
      },
      grafana: {
        kind: "in-cluster",
        adminPasswordSecret: "grafanaAdminPassword",
        externalUrl: "https://grafana.prod.example.com",
      },
    },
  };
}
