import { describe, expect, it } from "vitest";
import { PlatformAlerts } from "../../../components/alerts/component.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { record } from "../../support/pulumi-mocks.ts";
import { productionArgs } from "./samples.ts";

const CLUSTER = { name: "prod", distribution: "eks", zones: 3, storageClass: "gp3-encrypted" } as const;

describe("the component PlatformAlerts", () => {
  it("registers a PrometheusRule for each area, as its child, under a stable name", async () => {
    const { all } = await record(() => {
      new PlatformAlerts("platform-alerts", { ...productionArgs(), cluster: CLUSTER });
    });
    expect(all.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "bellwether:alerts:PlatformAlerts platform-alerts",
      ...[
        "general",
        "nodes",
        "workloads",
        "storage",
        "control-plane",
        "prometheus",
        "alertmanager",
        "exporters",
      ].map((area) => `kubernetes:monitoring.coreos.com/v1:PrometheusRule platform-alerts-${area}`),
    ]);
    for (const { parent } of all.slice(1))
      expect(parent).toBe("bellwether:alerts:PlatformAlerts platform-alerts");
  });

  it("refuses settings with problems before it registers anything", async () => {
    const { all } = await record(() => {
      const args = { ...productionArgs({ KubeletDwn: {}, Watchdog: { enabled: false } }), cluster: CLUSTER };
      expect(() => new PlatformAlerts("platform-alerts", args)).toThrow(InvalidInputError);
    });
    expect(all).toEqual([]);
  });
});
