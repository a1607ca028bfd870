import { ADVISED, type ResourcePolicy } from "../policy.ts";

export const accessKeys: ResourcePolicy = {
  id: "access-keys",
  area: "access",
  pack: "security",
  standards: ["FSBP IAM.3", "NIST IA-5"],
  scope: "resource",
  title: "No program creates an access key of an IAM user.",
  why: "The key never expires and is in the state of the stack; a role hands out keys for an hour.",
  fix: "replace the aws.iam.AccessKey with a role: EKS Pod Identity for pods, OIDC for pipelines, IAM Identity Center for people",
  severity: "medium",
  levels: ADVISED,
  types: ["aws:iam/accessKey:AccessKey"],
  check: () => [{ what: "a lasting access key is created" }],
};
