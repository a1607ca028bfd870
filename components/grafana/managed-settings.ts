import { z } from "zod";
import { type Problem, shown } from "../core/problems.ts";
import { httpsUrl, integer, list, text, toggle } from "../core/schema.ts";
import { alertingSettings, WHAT_GRAFANA_ALERTS_OF, workspaceRole } from "./alerting/model.ts";
import { accountsProblems, accountsSettings, teamsSettings } from "./people-settings.ts";

const groupId = () =>
  text(
    /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "the id of a group of IAM Identity Center, such as 83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e",
  );

const attributeValue = () => text(/^[\w .:@/+-]{1,128}$/, "a value of the attribute, such as grafana-admin");

/** Sign-in and roles: Amazon Managed Grafana has no users of its own. */
const signIn = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("identity-center"),
    administrators: list(groupId(), 1, 20).meta({
      description: "Groups whose members are administrators of the workspace.",
    }),
    editors: list(groupId(), 0, 50)
      .default([])
      .meta({ description: "Groups whose members may save dashboards." }),
    viewers: list(groupId(), 0, 50)
      .default([])
      .meta({ description: "Groups whose members may view dashboards." }),
  }),
  z.strictObject({
    kind: z.literal("saml"),
    metadataUrl: httpsUrl().meta({ description: "URL of the identity provider's metadata." }),
    roleAttribute: attributeValue()
      .default("role")
      .meta({ description: "Attribute of the assertion with the role of the user." }),
    groupsAttribute: attributeValue()
      .default("groups")
      .meta({ description: "Attribute of the assertion with the groups of the user." }),
    administrators: list(attributeValue(), 1, 20).meta({
      description: "Values of the role attribute for administrators.",
    }),
    editors: list(attributeValue(), 1, 50).meta({
      description: "Values of the role attribute for editors. Other users may only view dashboards.",
    }),
  }),
]);

/** Which networks can reach the workspace. Users and programs must authenticate in addition. */
const networkAccess = z.strictObject({
  prefixLists: list(
    text(/^pl-[0-9a-f]{8,17}$/, "the id of a prefix list, such as pl-0123456789abcdef0"),
    0,
    5,
  )
    .default([])
    .meta({ description: "Managed prefix lists whose addresses may reach the workspace." }),
  endpoints: list(
    text(/^vpce-[0-9a-f]{8,17}$/, "the id of a VPC endpoint, such as vpce-0123456789abcdef0"),
    0,
    5,
  )
    .default([])
    .meta({ description: "VPC endpoints of the service grafana-workspace that may reach the workspace." }),
});

/** An Amazon Managed Grafana workspace of this environment, configured through its API. */
export const amazonManaged = z.strictObject({
  kind: z.literal("amazon-managed"),
  // The documentation of AWS names 13.x without a minor version, so that any is accepted, and the default is the one that is known.
  version: text(/^(?:12\.4|13\.\d)$/, "12.4 or a version of Grafana 13, such as 13.0")
    .default("12.4")
    .meta({
      description:
        "Version of Grafana: one that `aws grafana list-versions` prints. A workspace can be upgraded and not downgraded.",
    }),
  signIn: signIn.meta({ description: "Sign-in and roles of users." }),
  networkAccess: networkAccess.optional().meta({
    description: "Network access to the workspace. Default: from any address, with sign-in.",
  }),
  insideVpc: toggle().default(false).meta({
    description: "Whether the workspace queries its data sources from inside the environment's VPC.",
  }),
  prometheusUrl: httpsUrl().optional().meta({
    description:
      "URL at which the workspace reaches Prometheus. Default: none, and the workspace queries AMP; this needs prometheus.store with series: all.",
  }),
  alertmanagerUrl: httpsUrl().optional().meta({
    description: "URL at which the workspace reaches Alertmanager. Default: no data source for Alertmanager.",
  }),
  teams: teamsSettings(),
  serviceAccounts: accountsSettings(),
  cloudWatch: toggle()
    .default(true)
    .meta({ description: "Whether the workspace may read the CloudWatch metrics of this account." }),
  // Only this environment uses the workspace, so it can manage the notification policy.
  alerting: alertingSettings("policy", workspaceRole)
    .optional()
    .meta({ description: WHAT_GRAFANA_ALERTS_OF }),
  url: httpsUrl().optional().meta({
    description:
      "URL of the workspace, for links in alerts. AWS chooses it: set it after the first `pulumi up`.",
  }),
  tokenGeneration: integer(1, 1000).default(1).meta({
    description: "Increase it when a token was deleted or leaked: the next `pulumi up` replaces all tokens.",
  }),
});

export type ManagedGrafanaSettings = z.output<typeof amazonManaged>;
export type SignInSettings = z.output<typeof signIn>;

/** The problems between the fields of a workspace's settings; paths start at `path`. */
export function managedGrafanaProblems(settings: ManagedGrafanaSettings, path: string): Problem[] {
  return [
    ...networkAccessProblems(settings, path),
    ...groupProblems(settings, path),
    ...urlProblems(settings, path),
    ...accountsProblems(settings.serviceAccounts, path),
  ];
}

function networkAccessProblems({ networkAccess }: ManagedGrafanaSettings, path: string): Problem[] {
  if (networkAccess === undefined || networkAccess.prefixLists.length + networkAccess.endpoints.length > 0)
    return [];
  return [
    {
      path: `${path}.networkAccess`,
      found: "neither a prefix list nor a VPC endpoint",
      allowed: "at least one of them; otherwise no address can reach the workspace, not even this program",
      fix: "name the networks of the users and of pulumi up, or remove networkAccess",
    },
  ];
}

/** A group can have one role: of several, AWS keeps the last that was created. */
function groupProblems({ signIn }: ManagedGrafanaSettings, path: string): Problem[] {
  if (signIn.kind === "saml") return [];
  const roles = ["administrators", "editors", "viewers"] as const;
  const listed = roles.flatMap((role) => signIn[role].map((group, index) => ({ role, group, index })));
  return listed.flatMap(({ role, group, index }, at) => {
    const first = listed.slice(0, at).find((other) => other.group === group);
    if (first === undefined) return [];
    return [
      {
        path: `${path}.signIn.${role}[${index}]`,
        found: `${shown(group)}, which is in ${first.role} too`,
        allowed: "each group in one role only",
        fix: `remove it from ${role} or from ${first.role}`,
      },
    ];
  });
}

function urlProblems(settings: ManagedGrafanaSettings, path: string): Problem[] {
  const { url, prometheusUrl, alertmanagerUrl } = settings;
  const problems: Problem[] = [];
  if (
    url !== undefined &&
    !/^https:\/\/g-[0-9a-f]{10}\.grafana-workspace\.[a-z0-9-]+\.amazonaws\.com$/.test(url)
  )
    problems.push({
      path: `${path}.url`,
      found: shown(url),
      allowed:
        "the URL that AWS gave the workspace, such as https://g-0123456789.grafana-workspace.eu-central-1.amazonaws.com",
      fix: "use the output of `pulumi stack output grafanaUrl`, or remove it",
    });
  if (alertmanagerUrl !== undefined && alertmanagerUrl === prometheusUrl)
    problems.push({
      path: `${path}.alertmanagerUrl`,
      found: `${shown(alertmanagerUrl)}, the same as ${path}.prometheusUrl`,
      allowed: "different URLs for Prometheus and Alertmanager",
      fix: "set alertmanagerUrl to the URL of Alertmanager, or remove it",
    });
  return problems;
}
