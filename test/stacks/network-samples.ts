/** A network without a way to the Internet, with the endpoints that prod's parts need. */
export const ISOLATED_NETWORK = {
  natGateways: "none",
  subnets: { private: ["10.40.0.0/19", "10.40.32.0/19", "10.40.64.0/19"] },
  interfaceEndpoints: ["aps-workspaces", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"],
} as const;
