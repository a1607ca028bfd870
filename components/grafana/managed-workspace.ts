import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { cloudWatchReading, sampleReading, workspaceTrust } from "./managed-permissions.ts";
import type { ManagedGrafanaSettings, SignInSettings } from "./managed-settings.ts";
import { AUTOMATION } from "./people-settings.ts";
import { type AccountKeys, createWorkspaceAccount, createWorkspaceAccounts } from "./service-accounts.ts";
import type { WorkspacePlace } from "./workspace-place.ts";

export interface ManagedWorkspaceArgs {
  readonly settings: ManagedGrafanaSettings;
  /** The environment's name, which the workspace carries. */
  readonly environment: string;
  readonly place: WorkspacePlace;
  /** The ARN of the store of samples that it reads, if there is one. */
  readonly storeArn?: pulumi.Input<string>;
  /** The day of the deployment, as YYYY-MM-DD: it says whose turn it is among the tokens. */
  readonly today: string;
  /** Whether the workspace is protected from deletion: what people saved in it is nowhere else. */
  readonly protectData: boolean;
}

/** How the API of a workspace is reached. */
export interface ManagedWorkspace {
  /** The root URL, which AWS chooses. */
  readonly url: pulumi.Output<string>;
  /** A token with the role ADMIN that is in use today; a secret. */
  readonly token: pulumi.Output<string>;
  /** The keys of the accounts that the environment asks for. */
  readonly keys: AccountKeys;
}

/** A workspace with its role, who signs in, and the program's own service account. */
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
      // The other type, SERVICE_MANAGED, makes roles by itself in the console alone; by API a workspace brings its own.
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["PROMETHEUS", ...(settings.cloudWatch ? ["CLOUDWATCH"] : [])],
      // Grafana's own alerting on, and no plugin that somebody adds by hand.
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
  // stacks/rules.ts refuses this long before: an environment without a network has no VPC to be inside of.
  if (vpc === undefined) throw new Error("a Grafana workspace inside a VPC, and no VPC");
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
