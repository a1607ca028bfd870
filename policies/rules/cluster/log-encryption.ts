import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const logEncryption: ResourcePolicy = {
  id: "log-encryption",
  area: "cluster",
  pack: "security",
  standards: ["NIST SC-28", "NIST AU-9"],
  scope: "resource",
  title: "Log groups are encrypted with a KMS key of this account.",
  why: "Audit logs show names, tokens' ids and addresses; the key's policy says who may read them.",
  fix: "set kmsKeyId to the ARN of a KMS key",
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.logGroup],
  check: ({ properties }) =>
    judge(() => (properties.at("kmsKeyId").exists ? undefined : "the log group has no KMS key")),
};
