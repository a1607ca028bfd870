import { describe, expect, it } from "vitest";
import { ServiceMonitoring } from "../../../components/service/component.ts";
import { defineService } from "../../../components/service/model.ts";
import { record } from "../../support/pulumi-mocks.ts";
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
