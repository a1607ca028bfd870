import { ALWAYS, type StackPolicy } from "../policy.ts";
import { type StackResource, TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { NotVisible, type Value } from "../value.ts";
import { judge, judgeResources } from "../violation.ts";
import { allowing, listOf, textsOf } from "./policy-document.ts";

const SETTINGS = {
  policies: {
    type: "strings",
    default: ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"],
    description: "The names of AWS managed policies that no machine's role may have.",
  },
} as const;

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

export const iamMachineAdministrators: StackPolicy = {
  id: "iam-machine-administrators",
  area: "access",
  pack: "security",
  standards: ["FSBP IAM.1", "NIST AC-6", "CIS EKS 5.2.1"],
  scope: "stack",
  title: "No role of nodes, pods or AWS services has AdministratorAccess.",
  why: "Every process on the node, or whoever breaks into the pod, then owns the account.",
  fix: "attach a policy with the actions that the machine needs; people who administer get a role that people assume",
  severity: "critical",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const names = settingsOf(SETTINGS, context).policies;
    const strong = (arn: Value) => names.find((name) => arn.text()?.endsWith(`/${name}`));
    const roles = resources.filter(({ type }) => type === TYPES.role);
    return [
      ...judgeResources(
        resources.filter(({ type }) => type === ATTACHMENT),
        (attachment) => {
          const name = strong(attachment.properties.at("policyArn"));
          if (name === undefined) return undefined;
          const role = roleOf(attachment, roles);
          if (role === undefined)
            throw new NotVisible(`the role that gets ${name} is not a resource of this stack`);
          return isMachine(role) ? `the role of a machine gets ${name}` : undefined;
        },
      ),
      ...roles.flatMap((role) =>
        judge(() => {
          const name = role.properties
            .at("managedPolicyArns")
            .items()
            .map(strong)
            .find((found) => found !== undefined);
          return name !== undefined && isMachine(role) ? `the role of a machine gets ${name}` : undefined;
        }, role),
      ),
    ];
  },
};

/** The role that a policy is attached to: its name or ARN is the input's source, or stands there. */
function roleOf(attachment: StackResource, roles: readonly StackResource[]): StackResource | undefined {
  const source = roles.find(({ urn }) => attachment.sources["role"]?.includes(urn));
  if (source !== undefined) return source;
  const name = attachment.properties.at("role").text();
  return roles.find((role) => role.properties.at("name").known && role.properties.at("name").text() === name);
}

/** Whether an AWS service or a pod of EKS, not a person or a pipeline, takes on the role. */
function isMachine(role: StackResource): boolean {
  return allowing(role.properties.at("assumeRolePolicy")).some((statement) => {
    const principal = statement.at("Principal");
    return (
      listOf(principal.at("Service")).length > 0 ||
      textsOf(principal.at("Federated")).some((provider) => provider.includes("oidc.eks."))
    );
  });
}
