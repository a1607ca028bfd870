import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { IDENTITY_POLICY_TYPES, isEveryResource, judgeAllowing, textsOf } from "./policy-document.ts";

export const iamFullAccess: ResourcePolicy = {
  id: "iam-full-access",
  area: "access",
  pack: "security",
  standards: ["FSBP IAM.1", "NIST AC-6"],
  scope: "resource",
  title: "No IAM policy allows every action on every resource.",
  why: "Whoever gets one credential of such a principal owns the account.",
  fix: "name the actions and the ARNs that are needed in Action and Resource of each statement",
  severity: "critical",
  levels: ALWAYS,
  types: IDENTITY_POLICY_TYPES,
  check: (resource) =>
    judgeAllowing(resource, (statement, document) => {
      // All but some is still nearly all.
      const isEveryAction =
        statement.at("NotAction").exists ||
        textsOf(statement.at("Action")).some((action) => /^\*+(?::\*+)?$/.test(action));
      if (!isEveryAction) return undefined;
      return statement.at("NotResource").exists || textsOf(statement.at("Resource")).some(isEveryResource)
        ? `a statement of ${document.path} allows every action on every resource`
        : undefined;
    }),
};
