import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { Grafana } from "../../../components/grafana/component.ts";
import {
  ARGS,
  COMPONENT,
  created,
  DASHBOARDS,
  isSecret,
  options,
  type Registered,
  registered,
  TOKEN,
  typesAndNames,
} from "./created-grafana.ts";
import { AMAZON_MANAGED, EXISTING, IN_CLUSTER } from "./samples.ts";

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet grafana";

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
      "kubernetes:core/v1:Secret grafana-secret-key",
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
      "kubernetes:core/v1:Secret grafana-secret-key",
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
    const holders = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    const shown = JSON.stringify(resources.filter((resource) => !holders.includes(resource)));
    for (const value of Object.values(secrets)) expect(shown).not.toContain(value);
    const values = holders.map(({ name, inputs }) => [name, JSON.stringify(inputs.stringData)]);
    expect(values).toEqual([
      ["grafana-admin", expect.stringContaining("correct horse")],
      ["grafana-secret-key", expect.stringContaining("battery staple")],
    ]);
    for (const { inputs } of holders) expect(isSecret(inputs.stringData)).toBe(true);
  });

  it("mounts the Secret with the key by the name that the provider gave it", async () => {
    const { resources } = await created({ settings: IN_CLUSTER });
    const set = resources.find(({ type }) => type.endsWith(":StatefulSet"));
    const secrets = set?.inputs.spec.template.spec.volumes.find(
      ({ name }: { readonly name: string }) => name === "secrets",
    );
    expect(secrets.projected.sources).toEqual([
      { secret: { name: "grafana-admin" } },
      { secret: { name: "grafana-secret-key-named-by-the-provider" } },
    ]);
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
