import * as kubernetes from "@pulumi/kubernetes";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Platform } from "../../components/platform/component.ts";
import { ServiceMonitoring } from "../../components/service/component.ts";
import { defineService, type ServiceDefinition } from "../../components/service/model.ts";
import { HANDOVER } from "../components/platform/samples.ts";
import { DEFINITION } from "../components/service/samples.ts";
import { createProject, failureOf, succeeded, type TemporaryProject } from "./project.ts";
import { everythingIn } from "./providers/simulator.ts";

// Programs of teams on one platform, each a stack of its own, on the real engine: what they export and refer to, what collides, and
// what is left when a service goes.

/** The platform as its stack exports it, with what the stand-in for a cluster needs before it takes a monitor. */
async function platformProgram(): Promise<Record<string, unknown>> {
  const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
  const namespace = new kubernetes.core.v1.Namespace(
    "monitoring",
    { metadata: { name: "monitoring" } },
    { provider },
  );
  new kubernetes.helm.v3.Release(
    "crds",
    {
      name: "crds",
      chart: "oci://example.com/prometheus-operator-crds",
      version: "32.0.0",
      namespace: "monitoring",
    },
    { provider, dependsOn: [namespace] },
  );
  return { bellwether: HANDOVER };
}

const PLATFORM = "organization/bellwether/local";

function teamProgram(...definitions: readonly ServiceDefinition[]) {
  return async (): Promise<Record<string, unknown>> => {
    const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
    const platform = await Platform.fromStack(PLATFORM);
    for (const definition of definitions) {
      const service = defineService(definition);
      new ServiceMonitoring(service.name, { service, platform }, { provider });
    }
    return {};
  };
}

const checkout: ServiceDefinition = { ...DEFINITION, name: "checkout" };
const basket: ServiceDefinition = { ...DEFINITION, name: "basket" };

describe("teams' programs on one platform, on the real engine", () => {
  let project: TemporaryProject;
  let shop: Stack;
  let other: Stack;
  const quiet = { color: "never", suppressProgress: true, onEvent: (_: EngineEvent) => undefined } as const;
  const monitoring = async () =>
    (await everythingIn(project.world)).filter((id) => /ServiceMonitor|PrometheusRule|ConfigMap/.test(id));

  beforeAll(async () => {
    project = await createProject();
    await succeeded((await project.createStack("local", platformProgram)).up(quiet));
    shop = await project.createStack("dev", teamProgram(checkout, basket));
    other = await project.createStack("staging", teamProgram({ ...checkout, owner: "platform" }));
  });
  afterAll(() => project?.remove());

  it("read what the platform's stack exports, and create monitors and rules", async () => {
    await succeeded(shop.up(quiet));
    const ids = await monitoring();
    expect(ids.filter((id) => id.includes("service-checkout")).length).toBeGreaterThanOrEqual(2);
    expect(ids.filter((id) => id.includes("service-basket")).length).toBeGreaterThanOrEqual(2);
  });

  it("create the dashboard of each service as what the Grafana in the cluster reads, in the platform's namespace", async () => {
    const maps = (await everythingIn(project.world)).filter((id) => /ConfigMap.*grafana-dashboard-/.test(id));
    expect(maps.map((id) => id.replace(/.*(?=grafana-dashboard-)/, "")).sort()).toEqual([
      "grafana-dashboard-bellwether-service-basket-prod",
      "grafana-dashboard-bellwether-service-checkout-prod",
    ]);
  });

  it("cannot take a service's name from each other: the object's name is the claim", async () => {
    const before = await monitoring();
    expect(await failureOf(other.up(quiet))).toMatch(/service-checkout.* already exists/);
    expect(await monitoring()).toEqual(before);
  });

  it("cannot take a name twice in one program", async () => {
    shop.workspace.program = teamProgram(checkout, { ...checkout, owner: "platform" });
    expect(await failureOf(shop.preview(quiet))).toMatch(/Duplicate resource URN/i);
  });

  it("are refused for an owner whom nobody notifies, without a stack trace", async () => {
    shop.workspace.program = teamProgram({ ...checkout, owner: "nobody" });
    const reason = await failureOf(shop.preview(quiet));
    expect(reason).toContain("services.checkout.owner");
    expect(reason).toContain("one of the teams platform, shop");
    expect(reason).not.toMatch(/^\s+at .*\.ts:\d+/m);
  });

  it("leave nothing of a service behind that is removed from the program", async () => {
    shop.workspace.program = teamProgram(basket);
    await succeeded(shop.up(quiet));
    const ids = await monitoring();
    expect(ids.filter((id) => id.includes("checkout"))).toEqual([]);
    expect(ids.filter((id) => id.includes("service-basket")).length).toBeGreaterThanOrEqual(2);

    await succeeded(shop.destroy(quiet));
    expect(await monitoring()).toEqual([]);
  });

  it("may then use the name that became free", async () => {
    await succeeded(other.up(quiet));
    expect((await monitoring()).filter((id) => id.includes("service-checkout"))).not.toEqual([]);
  });
});
