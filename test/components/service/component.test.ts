import { Provider } from "@pulumi/grafana";
import { describe, expect, it } from "vitest";
import { Platform } from "../../../components/platform/component.ts";
import { ServiceMonitoring } from "../../../components/service/component.ts";
import { defineService } from "../../../components/service/model.ts";
import { record } from "../../support/pulumi-mocks.ts";
import { HANDOVER } from "../platform/samples.ts";
import { DEFINITION } from "./samples.ts";

const COMPONENT = "bellwether:service:ServiceMonitoring storefront";

describe("the component ServiceMonitoring", () => {
  it("registers a monitor and rules in the monitoring namespace, as its children", async () => {
    const { all } = await record(() => {
      new ServiceMonitoring("storefront", {
        service: defineService(DEFINITION),
        environment: "prod",
        runbookBaseUrl: "https://example.com/runbooks",
        scrapeInterval: "30s",
      });
    });
    expect(all.map(({ type, name, parent }) => [`${type} ${name}`, parent])).toEqual([
      [COMPONENT, undefined],
      ["kubernetes:monitoring.coreos.com/v1:ServiceMonitor storefront", COMPONENT],
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule storefront-rules", COMPONENT],
    ]);
    expect(all.slice(1).map(({ inputs }) => inputs["metadata"])).toMatchObject([
      { name: "service-storefront", namespace: "monitoring" },
      { name: "service-storefront", namespace: "monitoring" },
    ]);
  });

  it("needs no more objects for more objectives", async () => {
    const custom = Object.fromEntries(
      ["carts", "orders", "refunds", "searches", "stocks", "vouchers"].map((name) => [
        name,
        {
          percent: "99",
          errors: `rate(${name}_failed_total[{{.window}}])`,
          total: `rate(${name}_total[{{.window}}])`,
        },
      ]),
    );
    const { all } = await record(() => {
      new ServiceMonitoring("storefront", {
        service: defineService({ ...DEFINITION, objectives: { custom } }),
        environment: "prod",
        runbookBaseUrl: "https://example.com/runbooks",
        scrapeInterval: "30s",
      });
    });
    expect(all.map(({ type }) => type)).toEqual([
      "bellwether:service:ServiceMonitoring",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    ]);
    const groups = all.at(-1)?.inputs["spec"] as { readonly groups: readonly { readonly name: string }[] };
    expect(groups.groups.map(({ name }) => name)).toEqual([
      "service-storefront.availability",
      ...Object.keys(custom).map((name) => `service-storefront.${name}`),
    ]);
  });
});

const URL = "https://grafana.example.com";
const DASHBOARD = "grafana:oss/dashboard:Dashboard";
const OWN = { uid: "shop-orders", title: "Orders", panels: [] };

/** The resources of a service of a team's own program. */
async function onPlatform(
  grafana: Partial<NonNullable<typeof HANDOVER.grafana>> | "none",
  withProvider = false,
): Promise<Awaited<ReturnType<typeof record>>["all"]> {
  const { grafana: handed, ...older } = HANDOVER;
  const handover =
    grafana === "none" ? older : { ...HANDOVER, grafanaUrl: URL, grafana: { ...handed, ...grafana } };
  const platform = Platform.fromOutputs({ bellwether: handover });
  const { all } = await record(() => {
    const service = defineService({
      ...DEFINITION,
      name: "checkout",
      dashboards: [{ file: "orders.json", dashboard: OWN }],
    });
    const provider = withProvider ? new Provider("grafana", { url: URL, auth: "secret" }) : undefined;
    new ServiceMonitoring("checkout", { service, platform, ...(provider && { grafana: provider }) });
  });
  return all;
}

it("makes tickets of the pages of a tier that the platform does not list", async () => {
  const severities = async (pages: { readonly pages?: readonly string[] }) => {
    const platform = Platform.fromOutputs({ bellwether: { ...HANDOVER, ...pages } });
    const { all } = await record(() => {
      new ServiceMonitoring("checkout", {
        service: defineService({ ...DEFINITION, name: "checkout" }),
        platform,
      });
    });
    const rules = JSON.stringify(all.find(({ type }) => type.endsWith(":PrometheusRule"))?.inputs);
    return [...new Set([...rules.matchAll(/"severity":"(\w+)"/g)].map(([, severity]) => severity))].sort();
  };
  expect(await severities({ pages: [] })).toEqual(["info", "warning"]);
  expect(await severities({ pages: ["critical"] })).toEqual(["critical", "info", "warning"]);
  expect(await severities({})).toEqual(["critical", "info", "warning"]);
});

/** The links of the alerts to dashboards. */
function links(all: Awaited<ReturnType<typeof onPlatform>>): readonly string[] {
  const rules = all.find(({ type }) => type.endsWith(":PrometheusRule"));
  return [...JSON.stringify(rules?.inputs).matchAll(/"dashboard_url":"([^"]*)"/g)].map(([, url = ""]) => url);
}

describe("the dashboards of a service of a team's own program", () => {
  it("are ConfigMaps in the platform's namespace, for a Grafana in the cluster", async () => {
    const all = await onPlatform({ delivery: "config-maps" });
    const maps = all.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    expect(maps.map(({ name }) => name)).toEqual(["checkout-dashboard", "dashboard-own-shop-orders"]);
    for (const { inputs } of maps)
      expect(inputs["metadata"]).toMatchObject({
        namespace: "monitoring",
        labels: { grafana_dashboard: "1", "bellwether.dev/program": expect.any(String) },
        annotations: { grafana_folder: "Team shop (prod)" },
      });
    expect(all.filter(({ type }) => type === DASHBOARD)).toEqual([]);
  });

  it("are created with a provider of Grafana in the folder of the team, on the environment's data source", async () => {
    const all = await onPlatform({ delivery: "api", orgId: "7" }, true);
    const [drawn, own, ...more] = all.filter(({ type }) => type === DASHBOARD);
    expect(more).toEqual([]);
    for (const one of [drawn, own])
      expect(one?.inputs).toMatchObject({ folder: "bellwether-team-shop-prod", orgId: "7", overwrite: true });
    expect(own?.inputs["configJson"]).toContain('"uid":"shop-orders-prod"');
    expect(drawn?.inputs["configJson"]).toContain('"value":"bellwether-prometheus-prod"');
    expect(all.filter(({ type }) => type.endsWith(":ConfigMap"))).toEqual([]);
  });

  it("have the panels that its alerts link to", async () => {
    const all = await onPlatform({ delivery: "api" }, true);
    const { configJson } = all.find(({ type }) => type === DASHBOARD)?.inputs ?? {};
    const board = JSON.parse(String(configJson)) as {
      readonly uid: string;
      readonly panels: readonly { id: number }[];
    };
    const found = links(all);
    expect(found.length).toBeGreaterThan(3);
    const panels = board.panels.map(({ id }) => `${URL}/d/${board.uid}?viewPanel=${id}`);
    expect(found.filter((link) => !panels.includes(link))).toEqual([]);
  });

  it.each<[string, Parameters<typeof onPlatform>]>([
    ["a platform of an older release", ["none"]],
    ["a Grafana with an API, without a provider", [{ delivery: "api" }]],
  ])("are none, and no alert links to one: %s", async (_, args) => {
    const all = await onPlatform(...args);
    expect(all.filter(({ type }) => type === DASHBOARD || type.endsWith(":ConfigMap"))).toEqual([]);
    expect(links(all)).toEqual([]);
  });
});
