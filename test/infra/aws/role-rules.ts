import type { Finding } from "./fault.ts";
import { type GraphResource, isUnknown } from "./graph.ts";
import { type IamData, wildcard } from "./iam-data.ts";
import { type Statement, statementsOf } from "./policy-document.ts";
import type { Relations } from "./relations.ts";

// What must hold between a role and what uses it, a key and what it encrypts: AWS takes each part alone, and refuses them together or
// works without effect.

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** A rule about one resource and those that it refers to. */
export type Rule = (resource: GraphResource, graph: Relations, data: IamData) => readonly Finding[];

interface Use {
  readonly property: string;
  readonly service: RegExp;
  readonly actions: readonly string[];
  /** Each is a policy of AWS's, or several of which one is enough; or actions that a policy of ours allows. */
  readonly permissions: readonly (readonly string[])[];
}

const POD_IDENTITY: Use = {
  property: "roleArn",
  service: /^pods\.eks\.amazonaws\.com$/,
  actions: ["sts:AssumeRole", "sts:TagSession"],
  permissions: [],
};

// By the user guides of the services: Amazon EKS cluster IAM role, node IAM role, Auto Mode cluster IAM role, Pod Identity; Publish
// flow logs to CloudWatch Logs; Amazon Managed Grafana permissions.
const USES: Readonly<Record<string, Use>> = {
  "aws:eks/cluster:Cluster": {
    property: "roleArn",
    service: /^eks\.amazonaws\.com$/,
    actions: ["sts:AssumeRole"],
    permissions: [["AmazonEKSClusterPolicy"]],
  },
  "aws:eks/nodeGroup:NodeGroup": {
    property: "nodeRoleArn",
    service: /^ec2\.amazonaws\.com(?:\.cn)?$/,
    actions: ["sts:AssumeRole"],
    permissions: [
      ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"],
      ["AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"],
    ],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    property: "role",
    service: /^ec2\.amazonaws\.com(?:\.cn)?$/,
    actions: ["sts:AssumeRole"],
    permissions: [
      ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"],
      ["AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"],
    ],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": POD_IDENTITY,
  "aws:ec2/flowLog:FlowLog": {
    property: "iamRoleArn",
    service: /^vpc-flow-logs\.amazonaws\.com$/,
    actions: ["sts:AssumeRole"],
    permissions: [
      ["logs:CreateLogStream"],
      ["logs:PutLogEvents"],
      ["logs:DescribeLogGroups"],
      ["logs:DescribeLogStreams"],
    ],
  },
  "aws:grafana/workspace:Workspace": {
    property: "roleArn",
    service: /^grafana\.amazonaws\.com$/,
    actions: ["sts:AssumeRole"],
    permissions: [],
  },
};

/** Whoever uses a role is trusted by it, for each call that it makes, and is allowed what it cannot do without. */
export const usersAreTrusted: Rule = (resource, graph) => {
  const use = USES[resource.type];
  if (use === undefined) return [];
  return graph.behind(resource, use.property, ROLE).flatMap((role) => {
    const trust = statementsOf(role.inputs.assumeRolePolicy) ?? [];
    const missing = use.actions.filter(
      (action) => !trust.some((statement) => allows(statement, action) && trusts(statement, use.service)),
    );
    const held = permissionsOf(role, graph);
    return [
      ...missing.map((action) => ({
        at: `the trust policy of ${role.name}`,
        found: `nothing that allows ${action} for ${resource.type}`,
        allowed: `${action} for ${use.service.source}`,
      })),
      ...use.permissions
        .filter((any) => !any.some(held))
        .map((any) => ({ at: `what ${role.name} may do`, found: `no ${any[0]}`, allowed: any.join(" or ") })),
    ];
  });
};

function allows({ Effect, Action }: Statement, action: string): boolean {
  return Effect === "Allow" && [Action ?? []].flat().some((pattern) => wildcard(pattern).test(action));
}

function trusts({ Principal }: Statement, service: RegExp): boolean {
  if (Principal === undefined || typeof Principal === "string") return false;
  return [Principal["Service"] ?? []].flat().some((name) => service.test(name));
}

/** What a role may do: whether it is attached a policy of AWS's, or allowed an action. */
export function permissionsOf(role: GraphResource, graph: Relations): (permission: string) => boolean {
  const attached = graph
    .referringTo(role, ATTACHMENT, "role")
    .map(({ inputs }) => String(inputs.policyArn).split("/").at(-1));
  const statements = graph
    .referringTo(role, ROLE_POLICY, "role")
    .flatMap(({ inputs }) => statementsOf(inputs.policy) ?? []);
  return (permission) =>
    attached.includes(permission) || statements.some((statement) => allows(statement, permission));
}

/** The session tags that EKS sets by itself, by the input of the association that they hold (EKS user guide, Pod Identity session tags). */
const SESSION_TAGS = {
  "aws:RequestTag/eks-cluster-name": "clusterName",
  "aws:RequestTag/kubernetes-namespace": "namespace",
  "aws:RequestTag/kubernetes-service-account": "serviceAccount",
} as const;

/** A role for a service account is that one's only, by the tags that EKS sets: otherwise each association in the account could hand it out. */
export const podRolesAreBound: Rule = (resource, graph) => {
  if (resource.type !== "aws:eks/podIdentityAssociation:PodIdentityAssociation") return [];
  return graph.behind(resource, "roleArn", ROLE).flatMap((role) =>
    (statementsOf(role.inputs.assumeRolePolicy) ?? []).flatMap(({ Condition }) =>
      Object.entries(SESSION_TAGS).flatMap(([tag, input]): readonly Finding[] => {
        const wanted = resource.inputs[input];
        const found = Condition?.["StringEquals"]?.[tag];
        if (found === wanted || isUnknown(wanted)) return [];
        return [
          { at: `${tag} in the trust policy of ${role.name}`, found: `${found}`, allowed: `${wanted}` },
        ];
      }),
    ),
  );
};

/** A policy that AWS manages exists, with its path. */
export const managedPoliciesExist: Rule = ({ type, inputs }, _graph, data) => {
  if (type !== ATTACHMENT || isUnknown(inputs.policyArn)) return [];
  const arn = String(inputs.policyArn);
  if (!/^arn:aws[^:]*:iam::aws:/.test(arn)) return [];
  const known = arn.replace(/^arn:aws[^:]*/, "arn:aws");
  if (data.managedPolicies.has(known)) return [];
  const near = [...data.managedPolicies].filter((policy) => policy.endsWith(`/${arn.split("/").at(-1)}`));
  return [{ at: "policyArn", found: arn, allowed: near.join(", ") || "a policy that AWS manages" }];
};

// What each service does with a key (CloudWatch Logs user guide, Encrypt log data).
const LOGS_USE = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
];

/** The key of a log group lets CloudWatch Logs of its region use it, for this group. */
export const logsMayUseTheirKey: Rule = (resource, graph) => {
  if (resource.type !== "aws:cloudwatch/logGroup:LogGroup") return [];
  return graph.behind(resource, "kmsKeyId", "aws:kms/key:Key").flatMap((key) => {
    const statements = (statementsOf(key.inputs.policy) ?? []).filter(
      (statement) =>
        trusts(statement, /^logs\.[a-z0-9-]+\.amazonaws\.com/) &&
        coversGroup(statement, resource.inputs.name),
    );
    return LOGS_USE.filter((action) => !statements.some((statement) => allows(statement, action))).map(
      (action) => ({
        at: `the policy of the key ${key.name}`,
        found: `no ${action} for CloudWatch Logs and ${resource.inputs.name}`,
        allowed: "a statement that lets logs.<region>.amazonaws.com use the key for the group",
      }),
    );
  });
};

function coversGroup({ Condition = {} }: Statement, group: string): boolean {
  const contexts = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys)
      .filter(([key]) => key.toLowerCase() === "kms:encryptioncontext:aws:logs:arn")
      .flatMap(([, value]) => [value].flat()),
  );
  return (
    contexts.length === 0 || contexts.some((arn) => wildcard(arn.split(":").slice(6).join(":")).test(group))
  );
}

/** KMS refuses a key that nobody in the account could administer. */
export const keysAreAdministered: Rule = ({ type, inputs }) => {
  const statements = type === "aws:kms/key:Key" ? statementsOf(inputs.policy) : undefined;
  if (statements === undefined) return [];
  const administered = statements.some(
    (statement) =>
      allows(statement, "kms:PutKeyPolicy") &&
      typeof statement.Principal === "object" &&
      [statement.Principal["AWS"] ?? []].flat().length > 0,
  );
  return administered
    ? []
    : [
        {
          at: "policy",
          found: "nobody who may change it",
          allowed: "kms:PutKeyPolicy for a principal of the account",
        },
      ];
};

/** Secrets of Kubernetes can be decrypted only by a control plane whose role may use the key. */
export const controlPlaneMayUseItsKey: Rule = (resource, graph) => {
  if (resource.type !== "aws:eks/cluster:Cluster") return [];
  if (graph.behind(resource, "encryptionConfig", "aws:kms/key:Key").length === 0) return [];
  return graph.behind(resource, "roleArn", ROLE).flatMap((role) => {
    const held = permissionsOf(role, graph);
    return ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]
      .filter((action) => !held(action))
      .map((action) => ({
        at: `what ${role.name} may do`,
        found: `no ${action}`,
        allowed: `${action} with the key of Secrets`,
      }));
  });
};
