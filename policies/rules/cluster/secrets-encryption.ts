import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const secretsEncryption: ResourcePolicy = {
  id: "secrets-encryption",
  area: "cluster",
  scope: "resource",
  title: "Kubernetes Secrets are encrypted with a KMS key of our own.",
  why: "Whoever reads a backup of etcd reads nothing, and the key's policy and its log say who may and who did.",
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
      return encrypted ? undefined : "the cluster encrypts its Secrets with no key of ours";
    }),
};
