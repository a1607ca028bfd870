import { describe, expect, it } from "vitest";
import { noticesOf } from "../../cli/report/notices.ts";
import { defineService } from "../../components/service/model.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { services } from "../../stacks/services/index.ts";
import { STACKS, stackFile } from "./samples.ts";

type Services = Parameters<typeof resolveEnvironment>[1]["services"];

function resolved(stack: string, running: Services) {
  const context = { stack, today: "2026-11-29", environments: STACKS, services: running };
  const result = resolveEnvironment(stackFile(stack), context);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const service = (name: string, owner: string, namespace: string, environments = {}) =>
  defineService({
    name,
    owner,
    tier: "standard",
    description: "A service",
    namespace,
    http: { port: "http", metrics: "otel" },
    environments,
  });

describe("a resolved environment", () => {
  it("has the owners of the namespaces of its services", () => {
    expect(resolved("prod", services).alertmanager.workloads).toEqual({
      owner: "platform",
      namespaces: { shop: "shop" },
      shared: {},
    });
  });

  it("leaves out the services that do not run in it", () => {
    const elsewhere = [service("web", "shop", "web", { prod: { enabled: false } })];
    expect(resolved("prod", elsewhere).alertmanager.workloads?.namespaces).toEqual({});
  });

  it("has a notice for a namespace of two teams, with the setting that names its owner", () => {
    const shared = [service("web", "shop", "web"), service("proxy", "platform", "web")];
    expect(noticesOf(resolved("prod", shared), stackFile("prod"))).toContain(
      "Services of the teams platform and shop run in the namespace web, so the platform's alerts about workloads in it go to platform. To send them to one team, add the namespace to alertmanager.teams.<team>.namespaces.",
    );
    const notices = noticesOf(resolved("prod", services), stackFile("prod"));
    expect(notices.filter((notice) => notice.includes("namespace"))).toEqual([]);
  });
});
