import { describe, expect, it } from "vitest";
import { CLUSTER, clusterFaultOf, faultOf } from "../../../cli/lab/faults.ts";
import { placed, SCENARIO_NAMES, scenarioOf } from "../../../cli/lab/scenarios.ts";
import { seconds } from "../../../components/core/duration.ts";
import { defineService } from "../../../components/service/model.ts";

const args = (name: string, tier: "critical" | "standard") => ({
  service: defineService({
    name,
    owner: "shop",
    tier,
    description: "Takes orders",
    namespace: "shop",
    http: { port: "http", metrics: "fastapi-instrumentator" },
  }),
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  scrapeInterval: "30s" as const,
});
const services = [args("orders", "standard"), args("checkout", "critical"), args("basket", "critical")];

describe("the scenarios of a lab", () => {
  it("switch faults that there are, in the order of their times, each off before the end", () => {
    expect(SCENARIO_NAMES).toContain("zone-loss");
    for (const name of SCENARIO_NAMES) {
      const { steps = [], end = "0s" } = scenarioOf(name) ?? {};
      const times = steps.map(({ at }) => seconds(at));
      expect(
        times.toSorted((a, b) => a - b),
        name,
      ).toEqual(times);
      expect(seconds(end), name).toBeGreaterThan(times.at(-1) ?? 0);
      for (const { on, fault } of steps)
        expect(on === "cluster" ? clusterFaultOf(fault) : faultOf(fault), `${name}: ${fault}`).toBeDefined();
      const on = steps.filter((step) => step.switch === "on").map(({ fault }) => fault);
      const off = steps.filter((step) => step.switch === "off").map(({ fault }) => fault);
      expect(off.sort(), name).toEqual(on.sort());
    }
  });

  it("are about the cluster, the most important service that can have the fault, or every one that can", () => {
    const targets = (name: string, canHave: (service: string) => boolean) => {
      const scenario = scenarioOf(name);
      if (scenario === undefined) throw new Error(`there is no ${name}`);
      return placed(scenario, services, canHave).map((step) => step.targets);
    };
    expect(targets("zone-loss", () => false)).toEqual([[CLUSTER], [CLUSTER]]);
    expect(targets("bad-deployment", () => true)).toEqual([["checkout"], ["checkout"]]);
    expect(targets("bad-deployment", (service) => service === "orders")).toEqual([["orders"], ["orders"]]);
    expect(targets("slow-dependency", (service) => service !== "basket")[0]).toEqual(["checkout", "orders"]);
    expect(targets("slow-dependency", () => false)).toEqual([]);
  });

  it("are found by their names alone", () => {
    expect(scenarioOf("toString")).toBeUndefined();
  });
});
