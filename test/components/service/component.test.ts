import { describe, expect, it } from "vitest";
import { ServiceMonitoring } from "../../../components/service/component.ts";
import { defineService } from "../../../components/service/model.ts";
import { record } from "../aws/recorder.ts";
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
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule storefront.availability", COMPONENT],
    ]);
    expect(all.slice(1).map(({ inputs }) => inputs["metadata"])).toMatchObject([
      { name: "service-storefront", namespace: "monitoring" },
      { name: "service-storefront.availability", namespace: "monitoring" },
    ]);
  });
});
