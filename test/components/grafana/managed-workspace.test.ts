import { beforeEach, describe, expect, it } from "vitest";
import type { GrafanaArgs } from "../../../components/grafana/component.ts";
import { amazonManaged } from "../../../components/grafana/managed-settings.ts";
import {
  ARGS,
  created,
  DASHBOARDS,
  isSecret,
  options,
  type Registered,
  registered,
  TOKEN,
  typesAndNames,
} from "./created-grafana.ts";
import { AMAZON_MANAGED } from "./samples.ts";

beforeEach(() => {
  registered.length = 0;
  options.clear();
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

  it.each(["12.4", "13.0", "13.2"])("may be of version %s", async (version) => {
    const { version: field } = amazonManaged.shape;
    expect(field.safeParse(version).data).toBe(version);
    const { resources } = await managed({ version });
    expect(one(resources, ":Workspace ")?.inputs.grafanaVersion).toBe(version);
  });

  it.each(["10.4", "12.0", "13", "13.2.1", "14.0"])("is not of version %s", (version) => {
    const { error } = amazonManaged.shape.version.safeParse(version);
    expect(error?.issues[0]?.message).toBe("12.4 or a version of Grafana 13, such as 13.0");
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
