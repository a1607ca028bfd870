import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const secretsEncryption: ResourcePolicy = {
  id: "secrets-encryption",
  area: "cluster",
  pack: "security",
  standards: ["CIS EKS 5.3.1", "FSBP EKS.3", "NIST SC-28", "NIST SC-12"],
  scope: "resource",
  title: "Kubernetes Secrets are encrypted with a KMS key of this account.",
  why: "A backup of etcd is then unreadable without the key, and the key's policy and CloudTrail show who can use it and who did.",
  fix: 'set encryptionConfig to resources ["secrets"] and the ARN of a KMS key',
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.eksCluster],
  check: ({ properties }) =>
    judge(() => {
      const config = properties.at("encryptionConfig");
      // The key's ARN is known only once the key exists; that it will be there is all that has to be known.
      const encrypted =
        config.at("provider", "keyArn").exists &&
        config
          .at("resources")
          .items()
          .some((resource) => resource.is("secrets"));
      return encrypted ? undefined : "the cluster has no KMS key for its Secrets";
    }),
};
