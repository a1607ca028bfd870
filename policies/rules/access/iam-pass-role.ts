import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { IDENTITY_POLICY_TYPES, judgeAllowing, takesAction, textsOf } from "./policy-document.ts";

export const iamPassRole: ResourcePolicy = {
  id: "iam-pass-role",
  area: "access",
  pack: "security",
  standards: ["NIST AC-6", "FSBP IAM.21"],
  scope: "resource",
  title:
    "A statement with iam:PassRole names the roles that may be passed, or the service that they may be passed to.",
  why: "Whoever may pass every role can start a machine with the strongest one and act with it.",
  fix: "set Resource to the ARNs of the roles, or add a condition on iam:PassedToService",
  severity: "critical",
  levels: ALWAYS,
  types: IDENTITY_POLICY_TYPES,
  check: (resource) =>
    judgeAllowing(resource, (statement, document) => {
      const passes = textsOf(statement.at("Action")).some(
        // Every action at all is what iam-full-access reports.
        (action) => !/^\*+(?::\*+)?$/.test(action) && takesAction(action, "iam:PassRole"),
      );
      if (!passes || !textsOf(statement.at("Resource")).some(isEveryRole)) return undefined;
      const isConditional = statement
        .at("Condition")
        .fields()
        .some(([, keys]) => keys.fields().some(([key]) => /^iam:PassedToService$/i.test(key)));
      return isConditional ? undefined : `a statement of ${document.path} lets every role be passed`;
    }),
};

/** `*`, or every role of an account. */
function isEveryRole(resource: string): boolean {
  return /^\*+$/.test(resource) || /^arn:[^:]*:iam::[^:]*:(?:role\/)?\*+$/.test(resource);
}
