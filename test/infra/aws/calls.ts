import { autoName, type Calls, call, MADE, pairs, pascal, text } from "./call-inputs.ts";
import { EC2 } from "./ec2-calls.ts";
import type { GraphResource } from "./graph.ts";
import { HEARTBEAT } from "./heartbeat-calls.ts";
import { INGRESS } from "./ingress-calls.ts";
import { KARPENTER } from "./karpenter-calls.ts";
import { SAMPLE_BUCKET } from "./sample-bucket-calls.ts";
import type { Call } from "./service-model.ts";

// Which calls of AWS's APIs the provider makes of a resource's inputs. A field that none of these names goes on under its own name, and
// the model then refuses it: so nothing is left unchecked because nobody thought of it.

const amp = call("amp");
const eks = call("eks");
const grafana = call("grafana");
const iam = call("iam");
const kms = call("kms");
const logs = call("logs");

const EKS: Readonly<Record<string, Calls>> = {
  "aws:eks/cluster:Cluster": ({ vpcConfig, enabledClusterLogTypes, encryptionConfig, ...rest }) => [
    eks("CreateCluster", {
      ...rest,
      resourcesVpcConfig: vpcConfig,
      ...(enabledClusterLogTypes === undefined
        ? {}
        : { logging: { clusterLogging: [{ types: enabledClusterLogTypes, enabled: true }] } }),
      ...(encryptionConfig === undefined ? {} : { encryptionConfig: [encryptionConfig] }),
    }),
  ],
  "aws:eks/nodeGroup:NodeGroup": ({ nodeGroupName, nodeRoleArn, subnetIds, ...rest }, name) => [
    eks("CreateNodegroup", {
      ...rest,
      nodegroupName: autoName(nodeGroupName, name),
      nodeRole: nodeRoleArn,
      subnets: subnetIds,
    }),
  ],
  "aws:eks/addon:Addon": ({ resolveConflictsOnCreate, resolveConflictsOnUpdate, tags, ...rest }) => [
    eks("CreateAddon", { ...rest, tags, resolveConflicts: resolveConflictsOnCreate }),
    eks("UpdateAddon", { ...rest, resolveConflicts: resolveConflictsOnUpdate }),
  ],
  "aws:eks/accessEntry:AccessEntry": (inputs) => [eks("CreateAccessEntry", inputs)],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (inputs) => [
    eks("AssociateAccessPolicy", inputs),
  ],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": (inputs) => [
    eks("CreatePodIdentityAssociation", inputs),
  ],
};

const IAM: Readonly<Record<string, Calls>> = {
  "aws:iam/role:Role": ({ name: given, assumeRolePolicy, tags, ...rest }, name) => [
    iam("CreateRole", {
      ...pascal(rest),
      RoleName: autoName(given, name),
      AssumeRolePolicyDocument: text(assumeRolePolicy),
      Tags: pairs(tags),
    }),
  ],
  "aws:iam/rolePolicy:RolePolicy": ({ name: given, role, policy, ...rest }, name) => [
    iam("PutRolePolicy", {
      ...pascal(rest),
      PolicyName: autoName(given, name),
      RoleName: role,
      PolicyDocument: text(policy),
    }),
  ],
  "aws:iam/policy:Policy": ({ name: given, policy, tags, ...rest }, name) => [
    iam("CreatePolicy", {
      ...pascal(rest),
      PolicyName: autoName(given, name),
      PolicyDocument: text(policy),
      Tags: pairs(tags),
    }),
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ role, ...rest }) => [
    iam("AttachRolePolicy", { ...pascal(rest), RoleName: role }),
  ],
};

const OTHERS: Readonly<Record<string, Calls>> = {
  "aws:kms/key:Key": ({ policy, tags, enableKeyRotation: _, deletionWindowInDays, ...rest }) => [
    kms("CreateKey", {
      ...pascal(rest),
      ...(policy === undefined ? {} : { Policy: text(policy) }),
      Tags: pairs(tags, "TagKey", "TagValue"),
    }),
    kms("ScheduleKeyDeletion", { KeyId: MADE, PendingWindowInDays: deletionWindowInDays }),
  ],
  "aws:cloudwatch/logGroup:LogGroup": ({ name: given, retentionInDays, ...rest }, name) => [
    logs("CreateLogGroup", { ...rest, logGroupName: autoName(given, name) }),
    ...(retentionInDays === undefined
      ? []
      : [logs("PutRetentionPolicy", { logGroupName: autoName(given, name), retentionInDays })]),
  ],
  "aws:amp/workspace:Workspace": (inputs) => [amp("CreateWorkspace", inputs)],
  "aws:amp/ruleGroupNamespace:RuleGroupNamespace": (inputs) => [amp("CreateRuleGroupsNamespace", inputs)],
  "aws:amp/alertManagerDefinition:AlertManagerDefinition": ({ workspaceId, definition }) => [
    amp("CreateAlertManagerDefinition", { workspaceId, data: definition }),
  ],
  "aws:amp/workspaceConfiguration:WorkspaceConfiguration": (inputs) => [
    amp("UpdateWorkspaceConfiguration", inputs),
  ],
  "aws:grafana/workspace:Workspace": ({
    name: given,
    description,
    dataSources,
    notificationDestinations,
    roleArn,
    ...rest
  }) => [
    grafana("CreateWorkspace", {
      ...rest,
      workspaceName: given,
      workspaceDescription: description,
      workspaceDataSources: dataSources,
      workspaceNotificationDestinations: notificationDestinations,
      workspaceRoleArn: roleArn,
    }),
  ],
  "aws:grafana/workspaceSamlConfiguration:WorkspaceSamlConfiguration": ({
    workspaceId,
    idpMetadataUrl,
    roleAssertion,
    groupsAssertion,
    adminRoleValues,
    editorRoleValues,
    ...rest
  }) => [
    grafana("UpdateWorkspaceAuthentication", {
      ...rest,
      workspaceId,
      authenticationProviders: ["SAML"],
      samlConfiguration: {
        idpMetadata: { url: idpMetadataUrl },
        assertionAttributes: { role: roleAssertion, groups: groupsAssertion },
        roleValues: { admin: adminRoleValues, editor: editorRoleValues },
      },
    }),
  ],
  "aws:grafana/roleAssociation:RoleAssociation": ({ workspaceId, role, groupIds, ...rest }) => [
    grafana("UpdatePermissions", {
      ...rest,
      workspaceId,
      updateInstructionBatch: [
        { action: "ADD", role, users: groupIds.map((id: string) => ({ id, type: "SSO_GROUP" })) },
      ],
    }),
  ],
  "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount": (inputs) => [
    grafana("CreateWorkspaceServiceAccount", inputs),
  ],
  "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken": (inputs) => [
    grafana("CreateWorkspaceServiceAccountToken", inputs),
  ],
};

const CALLS: Readonly<Record<string, Calls>> = {
  ...EC2,
  ...EKS,
  ...HEARTBEAT,
  ...IAM,
  ...INGRESS,
  ...KARPENTER,
  ...OTHERS,
  ...SAMPLE_BUCKET,
};

/** The calls that make a resource. Throws for a type that nobody has described, so that no resource goes unchecked. */
export function callsOf({ type, name, inputs }: GraphResource): readonly Call[] {
  const calls = CALLS[type];
  if (calls === undefined)
    throw new Error(
      `nothing in calls.ts says which calls of AWS's API make a ${type}: ${name} is not checked`,
    );
  return calls(inputs, name);
}
