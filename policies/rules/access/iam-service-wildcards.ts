import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { IDENTITY_POLICY_TYPES, isEveryResource, judgeAllowing, textsOf } from "./policy-document.ts";

const SETTINGS = {
  services: {
    type: "strings",
    default: ["iam", "sts", "organizations", "kms", "secretsmanager"],
    description: "The prefixes of services whose actions may not all be allowed on every resource.",
  },
} as const;

export const iamServiceWildcards: ResourcePolicy = {
  id: "iam-service-wildcards",
  area: "access",
  pack: "security",
  standards: ["FSBP IAM.21", "NIST AC-6"],
  scope: "resource",
  title: "No IAM policy allows every action of a service that hands out access, on every resource.",
  why: "With every action of IAM, STS, KMS or Secrets Manager a principal can give itself all others, or read every secret.",
  fix: "name the actions that are needed instead of the service's *, or the ARNs that they are needed on",
  severity: "high",
  levels: ALWAYS,
  types: IDENTITY_POLICY_TYPES,
  settings: SETTINGS,
  check: (resource, context) => {
    const { services } = settingsOf(SETTINGS, context);
    return judgeAllowing(resource, (statement, document) => {
      const allowed = textsOf(statement.at("Action")).flatMap(
        (action) => /^([a-z0-9-]+):\*+$/i.exec(action)?.[1]?.toLowerCase() ?? [],
      );
      const whole = allowed.filter((service) => services.includes(service));
      if (whole.length === 0 || !textsOf(statement.at("Resource")).some(isEveryResource)) return undefined;
      return `a statement of ${document.path} allows every action of ${whole.join(", ")} on every resource`;
    });
  },
};
