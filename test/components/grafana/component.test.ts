import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { Grafana, type GrafanaArgs } from "../../../components/grafana/component.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";
import { AMAZON_MANAGED, CONTENT, EXISTING, IN_CLUSTER } from "./samples.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the SDK sends.
  readonly inputs: any;
  readonly provider: string;
}

/** What a resource was given beside its inputs, by its logical name. */
interface Options {
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly dependsOn: readonly string[];
}

const registered: Registered[] = [];
const options = new Map<string, Options>();

pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs, id, provider }) => {
      registered.push({ type, name, inputs, provider: provider ?? "" });
      const computed = type.endsWith("AccountToken") ? { key: `glsa_${inputs.name}` } : {};
      return { id: id || `${name}-id`, state: { ...inputs, ...computed } };
    },
    call: ({ inputs }) => inputs,
  },
  "bellwether",
  "test",
);

const SECRETS = {
  grafanaAdminPassword: pulumi.output("correct horse"),
  grafanaSecretKey: pulumi.output("battery staple"),
  grafanaToken: pulumi.output("glsa_token"),
};

const ARGS: GrafanaArgs = {
  ...CONTENT,
  settings: IN_CLUSTER,
  secrets: SECRETS,
  namespace: "monitoring",
  today: "2026-11-23",
  place: { accountId: "111122223333", region: "eu-central-1", tags: { "bellwether:environment": "prod" } },
  protectData: true,
};

async function created(args: Partial<GrafanaArgs>): Promise<{ component: Grafana; resources: Registered[] }> {
  const names = new Map<unknown, string>();
  const nameOf = (resource: unknown) => names.get(resource) ?? "unknown";
  const component = new Grafana(
    "grafana",
    { ...ARGS, ...args },
    {
      // Handed on to every child, which is how the options become visible.
      transformations: [
        ({ resource, type, name, opts }) => {
          names.set(resource, `${type} ${name}`);
          const waitsFor = [(opts as pulumi.CustomResourceOptions).dependsOn ?? []].flat();
          options.set(`${type} ${name}`, {
            parent: opts.parent && nameOf(opts.parent),
            protect: opts.protect === true,
            dependsOn: waitsFor.map(nameOf),
          });
          return undefined;
        },
      ],
    },
  );
  await component.urn.apply(() => undefined);
  await registrationsEnded();
  return { component, resources: registered.filter(({ type }) => type !== COMPONENT) };
}

const DASHBOARDS = [
  "alert-quality",
  "alertmanager",
  "api-server",
  "cluster",
  "costs",
  "network",
  "nodes",
  "objective",
  "objectives",
  "overview",
  "pods",
  "prometheus",
  "service-storefront",
  "volumes",
  "workloads",
];

const TOKEN = "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken";
const COMPONENT = "bellwether:grafana:Grafana";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet grafana";

const typesAndNames = (resources: readonly Registered[]) =>
  resources.map(({ type, name }) => `${type} ${name}`).sort();

beforeEach(() => {
  registered.length = 0;
  options.clear();
});

describe("Grafana on the cluster", () => {
  it("is these resources and no others, under names that stay", async () => {
    const { component, resources } = await created({ settings: IN_CLUSTER });
    expect(typesAndNames(resources)).toEqual([
      "kubernetes:apps/v1:StatefulSet grafana",
      "kubernetes:core/v1:ConfigMap grafana-configuration",
      ...DASHBOARDS.map((name) => `kubernetes:core/v1:ConfigMap grafana-dashboard-${name}`),
      "kubernetes:core/v1:Secret grafana-admin",
      "kubernetes:core/v1:Service grafana-service",
      "kubernetes:core/v1:ServiceAccount grafana-service-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy grafana-network-policy",
      "kubernetes:rbac.authorization.k8s.io/v1:Role grafana-role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding grafana-role-binding",
    ]);
    expect(component.url).toBe("https://grafana.staging.example.com");
  });

  it("starts after its configuration, so that a restart for a change finds the change", async () => {
    await created({ settings: IN_CLUSTER });
    expect([...(options.get(STATEFUL_SET)?.dependsOn ?? [])].sort()).toEqual([
      "kubernetes:core/v1:ConfigMap grafana-configuration",
      "kubernetes:core/v1:Secret grafana-admin",
      "kubernetes:core/v1:ServiceAccount grafana-service-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy grafana-network-policy",
      "kubernetes:rbac.authorization.k8s.io/v1:Role grafana-role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding grafana-role-binding",
    ]);
  });

  it("makes its Service after the pod, as Pulumi waits for a pod behind each Service", async () => {
    await created({ settings: IN_CLUSTER });
    expect(options.get("kubernetes:core/v1:Service grafana-service")?.dependsOn).toEqual([STATEFUL_SET]);
  });

  it.each([true, false])(
    "protects what holds the database, and that alone, when protectData is %s",
    async (protectData) => {
      await created({ settings: IN_CLUSTER, protectData });
      const kept = [...options].filter(([, { protect }]) => protect).map(([name]) => name);
      expect(kept).toEqual(protectData ? [STATEFUL_SET] : []);
    },
  );

  it("keeps password and key secret, even when they were handed over as plain text", async () => {
    const secrets = { grafanaAdminPassword: "correct horse", grafanaSecretKey: "battery staple" };
    const { resources } = await created({ secrets });
    const secret = resources.find(({ type }) => type === "kubernetes:core/v1:Secret");
    const shown = JSON.stringify(resources.filter((resource) => resource !== secret));
    for (const value of Object.values(secrets)) expect(shown).not.toContain(value);
    expect(JSON.stringify(secret?.inputs.stringData)).toContain("battery staple");
    expect(isSecret(secret?.inputs.stringData)).toBe(true);
  });
});

describe("an existing Grafana", () => {
  it("gets a folder, two data sources and the dashboards, and nothing on the cluster", async () => {
    const { component, resources } = await created({ settings: EXISTING });
    expect(typesAndNames(resources)).toEqual([
      ...DASHBOARDS.map((name) => `grafana:oss/dashboard:Dashboard grafana-dashboard-${name}`),
      "grafana:oss/dataSource:DataSource grafana-data-source-alertmanager",
      "grafana:oss/dataSource:DataSource grafana-data-source-prometheus",
      "grafana:oss/folder:Folder grafana",
      "grafana:oss/folder:Folder grafana-folder-team-shop",
      "pulumi:providers:grafana grafana-api",
    ]);
    expect(component.url).toBe("https://grafana.example.com");
  });

  it("is reached through a provider of its own, whose token is secret", async () => {
    const { resources } = await created({ settings: EXISTING, secrets: { grafanaToken: "glsa_token" } });
    const provider = resources.find(({ type }) => type === "pulumi:providers:grafana");
    expect(provider?.inputs.url).toBe("https://grafana.example.com");
    expect(isSecret(provider?.inputs.auth)).toBe(true);
    const others = resources.filter((resource) => resource !== provider);
    for (const { provider: used } of others) expect(used).toMatch(/::grafana-api::grafana-api-id$/);
    expect(JSON.stringify(others)).not.toContain("glsa_token");
  });

  it("is given data sources by stable uid and by name, in its organisation, and not as its default", async () => {
    const { resources } = await created({ settings: EXISTING });
    const sources = resources.filter(({ type }) => type.endsWith(":DataSource")).map(({ inputs }) => inputs);
    expect(sources).toMatchObject([
      {
        uid: "bellwether-prometheus-prod",
        name: "Prometheus (prod)",
        url: "https://prometheus.prod.example.com",
        isDefault: false,
        orgId: "7",
      },
      {
        uid: "bellwether-alertmanager-prod",
        name: "Alertmanager (prod)",
        url: "https://alertmanager.prod.example.com",
        orgId: "7",
      },
    ]);
    expect(JSON.parse(sources[0].jsonDataEncoded).timeInterval).toBe("30s");
  });

  it("keeps its dashboards in folders that are not removed while somebody else uses them", async () => {
    const { resources } = await created({ settings: EXISTING });
    const folders = resources.filter(({ type }) => type.endsWith(":Folder"));
    expect(folders.map(({ inputs }) => inputs)).toMatchObject([
      { uid: "bellwether-prod", title: "Bellwether (prod)", preventDestroyIfNotEmpty: true },
      { uid: "bellwether-team-shop-prod", title: "Team shop (prod)", preventDestroyIfNotEmpty: true },
    ]);
    for (const { name, inputs } of resources.filter(({ type }) => type.endsWith(":Dashboard"))) {
      const folder = name.includes("-service-") ? "bellwether-team-shop-prod" : "bellwether-prod";
      expect(inputs, name).toMatchObject({ folder, overwrite: true, orgId: "7" });
    }
  });
});

describe("Amazon Managed Grafana", () => {
  const managed = (changes: Partial<typeof AMAZON_MANAGED> = {}, args: Partial<GrafanaArgs> = {}) =>
    created({ settings: { ...AMAZON_MANAGED, ...changes }, secrets: {}, ...args });
  const one = (resources: readonly Registered[], name: string) =>
    resources.find((resource) => `${resource.type} ${resource.name}`.includes(name));

  it("is a workspace with its role, who signs in, two tokens, and what every Grafana is filled with", async () => {
    const { resources } = await managed();
    expect(typesAndNames(resources)).toEqual([
      "aws:grafana/roleAssociation:RoleAssociation grafana-admins",
      "aws:grafana/roleAssociation:RoleAssociation grafana-editors",
      "aws:grafana/workspace:Workspace grafana-workspace",
      "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount grafana-automation",
      `${TOKEN} grafana-automation-even`,
      `${TOKEN} grafana-automation-odd`,
      "aws:iam/role:Role grafana-workspace",
      "aws:iam/rolePolicy:RolePolicy grafana-workspace-cloudwatch",
      ...DASHBOARDS.map((name) => `grafana:oss/dashboard:Dashboard grafana-dashboard-${name}`),
      "grafana:oss/dataSource:DataSource grafana-data-source-alertmanager",
      "grafana:oss/dataSource:DataSource grafana-data-source-prometheus",
      "grafana:oss/folder:Folder grafana",
      "grafana:oss/folder:Folder grafana-folder-team-shop",
      "pulumi:providers:grafana grafana-api",
    ]);
  });

  it("brings a role of its own, which only workspaces of this account may be, and which may do nothing but read", async () => {
    const { resources } = await managed();
    expect(one(resources, ":Workspace ")?.inputs).toMatchObject({
      permissionType: "CUSTOMER_MANAGED",
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: ["AWS_SSO"],
      grafanaVersion: "12.4",
      dataSources: ["PROMETHEUS", "CLOUDWATCH"],
    });
    const trust = JSON.parse(one(resources, "iam/role:Role")?.inputs.assumeRolePolicy).Statement;
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "grafana.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": "111122223333" },
          StringLike: { "aws:SourceArn": "arn:aws:grafana:eu-central-1:111122223333:/workspaces/*" },
        },
      },
    ]);
    const actions = resources
      .filter(({ type }) => type.endsWith(":RolePolicy"))
      .flatMap(({ inputs }) => JSON.parse(inputs.policy).Statement)
      .flatMap(({ Action }) => Action as string[]);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:(Get|List|Describe|Query)[A-Za-z]+$/);
  });

  it("reads no CloudWatch where it is told not to", async () => {
    const { resources } = await managed({ cloudWatch: false });
    expect(one(resources, ":RolePolicy")).toBeUndefined();
    expect(one(resources, ":Workspace ")?.inputs.dataSources).toEqual(["PROMETHEUS"]);
  });

  it("is reached with the token whose turn it is, which is secret", async () => {
    for (const [today, inUse] of [
      ["2026-11-23", "glsa_bellwether-1-2026-11-23"],
      ["2026-12-02", "glsa_bellwether-1-2026-11-23"],
      ["2026-12-03", "glsa_bellwether-1-2026-12-03"],
    ]) {
      registered.length = 0;
      const { resources } = await managed({}, { today: today ?? "" });
      const provider = one(resources, "pulumi:providers:grafana");
      expect(JSON.stringify(provider?.inputs.auth), today).toContain(inUse);
      expect(isSecret(provider?.inputs.auth)).toBe(true);
      for (const { inputs } of resources.filter(({ type }) => type === TOKEN))
        expect(inputs.secondsToLive).toBe(2_592_000);
    }
  });

  it("makes new tokens, and nothing else, for a new generation", async () => {
    const named = async (tokenGeneration: number) => {
      registered.length = 0;
      const { resources } = await managed({ tokenGeneration });
      return resources.filter(({ type }) => type === TOKEN).map(({ inputs }) => inputs.name);
    };
    const first = await named(1);
    const second = await named(2);
    expect(first).toHaveLength(2);
    expect([...first, ...second]).toHaveLength(new Set([...first, ...second]).size);
  });

  it("signs people in by SAML, where it is told to", async () => {
    const { resources } = await managed({
      signIn: {
        kind: "saml",
        metadataUrl: "https://idp.example.com/metadata",
        roleAttribute: "role",
        groupsAttribute: "groups",
        administrators: ["admin"],
        editors: ["editor"],
      },
    });
    expect(one(resources, ":RoleAssociation")).toBeUndefined();
    expect(one(resources, ":WorkspaceSamlConfiguration")?.inputs).toMatchObject({
      idpMetadataUrl: "https://idp.example.com/metadata",
      adminRoleValues: ["admin"],
      editorRoleValues: ["editor"],
      roleAssertion: "role",
    });
    expect(one(resources, ":Workspace ")?.inputs.authenticationProviders).toEqual(["SAML"]);
  });

  it("stands inside the VPC and lets in whom it is told to, where it is told to", async () => {
    const { resources } = await managed(
      { insideVpc: true, networkAccess: { prefixLists: ["pl-0123456789abcdef0"], endpoints: [] } },
      {
        place: {
          ...(ARGS.place as NonNullable<GrafanaArgs["place"]>),
          vpc: { id: "vpc-1", privateSubnetIds: ["subnet-a", "subnet-b"] },
        },
      },
    );
    expect(one(resources, ":Workspace ")?.inputs).toMatchObject({
      vpcConfiguration: {
        subnetIds: ["subnet-a", "subnet-b"],
        securityGroupIds: ["grafana-workspace-id"],
      },
      networkAccessControl: { prefixListIds: ["pl-0123456789abcdef0"], vpceIds: [] },
    });
    expect(one(resources, ":SecurityGroupEgressRule")?.inputs).toMatchObject({ fromPort: 443, toPort: 443 });
  });

  const STORE = {
    arn: "arn:aws:aps:eu-central-1:111122223333:workspace/ws-1",
    endpoint: "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/",
  };
  const SIGNED = { sigV4Auth: true, sigV4AuthType: "ec2_iam_role", sigV4Region: "eu-central-1" };

  it("reads the store of samples beside Prometheus, signed, and may ask that one workspace alone", async () => {
    const { resources } = await managed({}, { sampleStore: STORE });
    const store = one(resources, "grafana-data-source-store")?.inputs;
    expect(store).toMatchObject({ type: "grafana-amazonprometheus-datasource", url: STORE.endpoint });
    expect(JSON.parse(store.jsonDataEncoded)).toMatchObject(SIGNED);
    const policy = JSON.parse(one(resources, "grafana-workspace-samples")?.inputs.policy);
    expect(policy.Statement).toMatchObject([{ Resource: STORE.arn }]);
    expect(policy.Statement[0].Action).toContain("aps:QueryMetrics");
  });

  it("reads the store in Prometheus' place where it does not reach Prometheus: dashboards ask it at first", async () => {
    const { prometheusUrl: _, alertmanagerUrl: __, ...settings } = AMAZON_MANAGED;
    const { resources } = await created({ settings, secrets: {}, sampleStore: STORE });
    const sources = resources.filter(({ type }) => type.endsWith(":DataSource"));
    expect(sources.map(({ inputs }) => inputs)).toMatchObject([
      { uid: "bellwether-prometheus-prod", type: "grafana-amazonprometheus-datasource", url: STORE.endpoint },
    ]);
    for (const { inputs } of resources.filter(({ type }) => type.endsWith(":Dashboard")))
      expect(JSON.parse(inputs.configJson).templating.list[0]).toMatchObject({
        query: "grafana-amazonprometheus-datasource",
        current: { value: "bellwether-prometheus-prod" },
      });
  });

  it("asks no Alertmanager that it does not reach", async () => {
    const { alertmanagerUrl: _, ...settings } = AMAZON_MANAGED;
    const { resources } = await created({ settings, secrets: {} });
    const sources = resources.filter(({ type }) => type.endsWith(":DataSource"));
    expect(sources.map(({ name }) => name)).toEqual(["grafana-data-source-prometheus"]);
    expect(sources[0]?.inputs.jsonDataEncoded).not.toContain("alertmanagerUid");
  });

  it.each([true, false])(
    "protects the workspace, and that alone, when protectData is %s",
    async (protectData) => {
      await managed({}, { protectData });
      const kept = [...options].filter(([, { protect }]) => protect).map(([name]) => name);
      expect(kept).toEqual(protectData ? ["aws:grafana/workspace:Workspace grafana-workspace"] : []);
    },
  );
});

describe("what people and programs may do", () => {
  const TEAM = "grafana:oss/team:Team grafana-team-shop";
  const one = (resources: readonly Registered[], name: string) =>
    resources.find((resource) => `${resource.type} ${resource.name}` === name)?.inputs;

  it("is that a team saves in its own folder, where everybody else looks", async () => {
    const { resources } = await created({ settings: { ...EXISTING, teams: { shop: { groups: [] } } } });
    expect(one(resources, TEAM)).toMatchObject({ name: "shop (prod)", orgId: "7" });
    expect(
      one(resources, "grafana:oss/folderPermission:FolderPermission grafana-folder-team-shop"),
    ).toMatchObject({
      folderUid: "bellwether-team-shop-prod",
      permissions: [
        { role: "Viewer", permission: "View" },
        { role: "Editor", permission: "View" },
        { teamId: "grafana-team-shop-id", permission: "Edit" },
      ],
    });
    expect(resources.filter(({ type }) => type.endsWith(":TeamExternalGroup"))).toEqual([]);
    const dashboard = one(resources, "grafana:oss/dashboard:Dashboard grafana-dashboard-service-storefront");
    expect(dashboard.folder).toBe("bellwether-team-shop-prod");
  });

  it("takes a team's members from groups, where that Grafana can", async () => {
    const { resources } = await created({
      settings: { ...AMAZON_MANAGED, teams: { shop: { groups: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"] } } },
    });
    expect(
      one(resources, "grafana:enterprise/teamExternalGroup:TeamExternalGroup grafana-team-shop"),
    ).toMatchObject({ teamId: "grafana-team-shop-id", groups: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"] });
  });

  it("grants nothing to a team without a folder", async () => {
    const { resources } = await created({ settings: { ...EXISTING, teams: { search: { groups: [] } } } });
    expect(resources.filter(({ type }) => /:(Team|FolderPermission)$/.test(type))).toEqual([]);
  });

  it.each([
    [
      EXISTING,
      "grafana:oss/serviceAccountToken:ServiceAccountToken",
      "grafana:oss/serviceAccount:ServiceAccount",
    ],
    [AMAZON_MANAGED, TOKEN, "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount"],
  ] as const)(
    "gives a program an account with two tokens that take turns: $kind",
    async (settings, token, account) => {
      const { component, resources } = await created({
        settings: { ...settings, serviceAccounts: { pictures: { role: "viewer", tokenGeneration: 3 } } },
      });
      const { role, grafanaRole = role, name } = one(resources, `${account} grafana-account-pictures`);
      expect([String(grafanaRole).toLowerCase(), name]).toEqual(["viewer", "pictures"]);
      const names = ["even", "odd"].map(
        (slot) => one(resources, `${token} grafana-account-pictures-${slot}`).name,
      );
      expect(names).toEqual(["pictures-3-2026-11-23", "pictures-3-2026-12-03"]);
      expect(Object.keys(component.tokens)).toEqual(["pictures"]);
      expect(await pulumi.isSecret(component.tokens["pictures"] ?? pulumi.output(""))).toBe(true);
    },
  );
});

describe("each Grafana", () => {
  it.each([IN_CLUSTER, EXISTING, AMAZON_MANAGED])(
    "is the parent of everything it makes: $kind",
    async (settings) => {
      const { resources } = await created({ settings });
      expect(resources.length).toBeGreaterThan(5);
      for (const { type, name } of resources)
        expect(options.get(`${type} ${name}`)?.parent, `${type} ${name}`).toBe(`${COMPONENT} grafana`);
    },
  );

  it("shows the same dashboards", async () => {
    const byConfigMap = (await created({ settings: IN_CLUSTER })).resources
      .filter(({ inputs }) => inputs.metadata?.labels?.grafana_dashboard === "1")
      .flatMap(({ inputs }) => Object.values(inputs.data as Record<string, string>));
    for (const settings of [EXISTING, AMAZON_MANAGED]) {
      registered.length = 0;
      const byApi = (await created({ settings })).resources
        .filter(({ type }) => type.endsWith(":Dashboard"))
        .map(({ inputs }) => inputs.configJson as string);
      expect(byApi).toHaveLength(DASHBOARDS.length);
      expect(byApi.map(normalised).sort(), settings.kind).toEqual(byConfigMap.map(normalised).sort());
    }
  });

  it("is refused with every problem at once, a secret without a value among them", () => {
    const make = () =>
      new Grafana("grafana", { ...ARGS, settings: { ...IN_CLUSTER, volume: "1Mi" }, secrets: {} });
    expect(make).toThrow(/Grafana: 3 problems/);
    expect(make).toThrow(/settings\.volume/);
    expect(make).toThrow(/pulumi config set --secret bellwether:grafanaAdminPassword/);
    expect(registered).toEqual([]);
  });
});

/** What a server would set, taken off; the keys in one order. */
function normalised(text: string): string {
  const { id: _id, version: _version, ...dashboard } = JSON.parse(text);
  return JSON.stringify(dashboard, Object.keys(flattened(dashboard)).sort());
}

function flattened(value: unknown, into: Record<string, true> = {}): Record<string, true> {
  if (value === null || typeof value !== "object") return into;
  for (const [key, nested] of Object.entries(value)) {
    into[key] = true;
    flattened(nested, into);
  }
  return into;
}

/** How the runtime marks a secret on its way to the engine. */
function isSecret(value: unknown): boolean {
  return JSON.stringify(value ?? {}).includes("1b47061264138c4ac30d75fd1eb44270");
}
