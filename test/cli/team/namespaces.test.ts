import { describe, expect, it } from "vitest";
import { programReport } from "../../../cli/team/report.ts";
import { type MonitoredService, namespaceOwners } from "../../../cli/team/services.ts";
import { handoverFrom } from "../../../components/platform/model.ts";
import { handoverArgs } from "../../../infra/args.ts";
import { resolveEnvironment } from "../../../stacks/resolve.ts";
import { services as ofPlatform } from "../../../stacks/services/index.ts";
import { HANDOVER } from "../../components/platform/samples.ts";
import { STACKS, stackFile } from "../../stacks/samples.ts";

const service = (namespace: string) =>
  ({ environment: "prod", service: { namespace } }) as unknown as MonitoredService;
const SERVICES = [service("shop"), service("checkout"), service("shop")];

const owners = (namespaces?: Readonly<Record<string, string>>) =>
  namespaceOwners(SERVICES, new Map([["prod", { ...HANDOVER, ...(namespaces && { namespaces }) }]]));

describe("the owners of the namespaces of a team's services", () => {
  it("are those that the platform hands over, and the platform's team for every other", () => {
    expect(owners({ shop: "shop" })).toEqual([
      { environment: "prod", namespace: "shop", team: "shop" },
      { environment: "prod", namespace: "checkout", team: undefined },
    ]);
  });

  it("are not known of a platform that does not hand them over", () => {
    expect(owners()).toEqual([]);
  });

  it("are in the report, with what to ask of the platform", () => {
    const report = programReport("prod", {
      resources: [],
      services: [],
      alerts: [],
      namespaces: owners({ shop: "shop" }),
      policies: [],
      policiesAsked: 0,
      waiverNotices: [],
      passes: true,
      files: new Map(),
    });
    expect(report).toContain("| prod | shop | shop |");
    expect(report).toContain("| prod | checkout | the team of the platform. To receive them, ask it to list");
  });

  it("are handed over by an environment, from its services", () => {
    const context = { stack: "prod", today: "2026-11-29", environments: STACKS, services: ofPlatform };
    const resolved = resolveEnvironment(stackFile("prod"), context);
    if (!resolved.ok) throw new Error("prod is wrong");
    const handover = { ...handoverArgs(resolved.value, ofPlatform), clusterName: "prod" };
    expect(handoverFrom({ bellwether: handover }, "acme/bellwether/prod")).toMatchObject({
      ok: true,
      value: { namespaces: { shop: "shop" } },
    });
  });
});
