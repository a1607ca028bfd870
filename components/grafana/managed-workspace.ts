import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { cloudWatchReading, sampleReading, workspaceTrust } from "./managed-permissions.ts";
import type { ManagedGrafanaSettings, SignInSettings } from "./managed-settings.ts";
import { AUTOMATION } from "./people-settings.ts";
import { type AccountKeys, createWorkspaceAccount, createWorkspaceAccounts } from "./service-accounts.ts";
import type { WorkspacePlace } from "./workspace-place.ts";

export interface ManagedWorkspaceArgs {
  readonly settings: ManagedGrafanaSettings;
  /** The environment's name, which is part of the workspace's name. */
  readonly environment: string;
  readonly place: WorkspacePlace;
  /** The ARN of the AMP workspace that it queries, if there is one. */
  readonly storeArn?: pulumi.Input<string>;
  /** The day of the deployment, as YYYY-MM-DD: it determines the current token. */
  readonly today: string;
  /** Whether the workspace is protected from deletion: it contains the users' own dashboards. */
  readonly protectData: boolean;
}

/** URL and tokens of a workspace. */
export interface ManagedWorkspace {
  /** The root URL, which AWS chooses. */
  readonly url: pulumi.Output<string>;
  /** The current token with the role ADMIN; a secret. */
  readonly token: pulumi.Output<string>;
  /** The keys of the service accounts in the environment's settings. */
  readonly keys: AccountKeys;
}

/** Creates a workspace with its role, the sign-in, and Bellwether's own service account. */
export function createManagedWorkspace(
  name: string,
  args: ManagedWorkspaceArgs,
  opts: pulumi.CustomResourceOptions,
): ManagedWorkspace {
  const { settings, environment, place, protectData } = args;
  const { tags } = place;
  const role = createRole(name, args, opts);
  const workspace = new aws.grafana.Workspace(
    `${name}-workspace`,
    {
      name: `bellwether-${environment}`,
      description: `Dashboards of the environment ${environment}`,
      grafanaVersion: settings.version,
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: [settings.signIn.kind === "saml" ? "SAML" : "AWS_SSO"],
      // With SERVICE_MANAGED only the AWS console creates the role; through the API a role must exist.
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["PROMETHEUS", ...(settings.cloudWatch ? ["CLOUDWATCH"] : [])],
      // Grafana alerting is enabled, and users cannot install plugins.
      configuration: JSON.stringify({
        unifiedAlerting: { enabled: true },
        plugins: { pluginAdminEnabled: false },
      }),
      ...networkAccessOf(settings),
      ...insideVpc(name, args, opts),
      tags,
    },
    pulumi.mergeOptions(opts, { protect: protectData }),
  );
  grantRoles(name, settings.signIn, workspace, opts);
  return {
    url: pulumi.interpolate`https://${workspace.endpoint}`,
    token: createWorkspaceAccount(
      `${name}-automation`,
      {
        account: AUTOMATION,
        role: "ADMIN",
        workspaceId: workspace.id,
        today: args.today,
        generation: settings.tokenGeneration,
      },
      opts,
    ),
    keys: createWorkspaceAccounts(
      name,
      settings.serviceAccounts,
      { today: args.today, workspaceId: workspace.id },
      opts,
    ),
  };
}

function createRole(
  name: string,
  { settings, environment, place, storeArn }: ManagedWorkspaceArgs,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const role = new aws.iam.Role(
    `${name}-workspace`,
    {
      description: `The Grafana workspace of ${environment}`,
      assumeRolePolicy: workspaceTrust(place),
      tags: place.tags,
    },
    opts,
  );
  if (storeArn !== undefined)
    new aws.iam.RolePolicy(
      `${name}-workspace-samples`,
      { role: role.id, policy: pulumi.output(storeArn).apply(sampleReading) },
      opts,
    );
  if (settings.cloudWatch)
    new aws.iam.RolePolicy(
      `${name}-workspace-cloudwatch`,
      { role: role.id, policy: cloudWatchReading(place) },
      opts,
    );
  return role;
}

function networkAccessOf({
  networkAccess,
}: ManagedGrafanaSettings): Pick<aws.grafana.WorkspaceArgs, "networkAccessControl"> {
  if (networkAccess === undefined) return {};
  return {
    networkAccessControl: { prefixListIds: networkAccess.prefixLists, vpceIds: networkAccess.endpoints },
  };
}

function insideVpc(
  name: string,
  { settings, environment, place }: ManagedWorkspaceArgs,
  opts: pulumi.CustomResourceOptions,
): Pick<aws.grafana.WorkspaceArgs, "vpcConfiguration"> {
  if (!settings.insideVpc) return {};
  const { vpc, tags } = place;
  // stacks/rules.ts rejects such an environment earlier.
  if (vpc === undefined) throw new Error("the Grafana workspace needs a VPC, and the environment has none");
  const named = { ...tags, Name: `${environment}-grafana` };
  const group = new aws.ec2.SecurityGroup(
    `${name}-workspace`,
    { description: `What the Grafana workspace of ${environment} reaches`, vpcId: vpc.id, tags: named },
    opts,
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-workspace-https`,
    {
      description: "HTTPS to the data sources",
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      tags: named,
    },
    opts,
  );
  return { vpcConfiguration: { securityGroupIds: [group.id], subnetIds: [...vpc.privateSubnetIds] } };
}

function grantRoles(
  name: string,
  signIn: SignInSettings,
  { id: workspaceId }: aws.grafana.Workspace,
  opts: pulumi.CustomResourceOptions,
): void {
  if (signIn.kind === "saml") {
    new aws.grafana.WorkspaceSamlConfiguration(
      `${name}-sign-in`,
      {
        workspaceId,
        idpMetadataUrl: signIn.metadataUrl,
        roleAssertion: signIn.roleAttribute,
        groupsAssertion: signIn.groupsAttribute,
        adminRoleValues: signIn.administrators,
        editorRoleValues: signIn.editors,
      },
      opts,
    );
    return;
  }
  const groups = { ADMIN: signIn.administrators, EDITOR: signIn.editors, VIEWER: signIn.viewers };
  for (const [role, groupIds] of Object.entries(groups))
    if (groupIds.length > 0)
      new aws.grafana.RoleAssociation(
        `${name}-${role.toLowerCase()}s`,
        { workspaceId, role, groupIds },
        opts,
      );
}
