import { describe, expect, it } from "vitest";
import type { Duration } from "../../../components/core/duration.ts";
import type { Problem } from "../../../components/core/problems.ts";
import type { PlatformHandover } from "../../../components/platform/model.ts";
import { defineService, type Service, type ServiceDefinition } from "../../../components/service/model.ts";
import { providerProblems, serviceOnPlatformProblems } from "../../../components/service/on-platform.ts";
import { resolveEnvironment } from "../../../stacks/resolve.ts";
import { samples } from "../../stacks/samples.ts";
import { HANDOVER } from "../platform/samples.ts";
import { DEFINITION } from "./samples.ts";

describe("a service on a platform", () => {
  const problemsOf = (changes: Partial<ServiceDefinition>, platform: PlatformHandover = HANDOVER) =>
    serviceOnPlatformProblems(
      defineService({ ...DEFINITION, name: "checkout", ...changes }),
      platform,
      "services.checkout",
    );

  it("of a team of it has nothing wrong", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("pushes to a platform that receives it", () => {
    expect(problemsOf({ scrape: "push" })).toMatchObject([{ path: "services.checkout.scrape" }]);
    expect(problemsOf({ scrape: "push" }, { ...HANDOVER, otlp: true })).toEqual([]);
  });

  it("needs an owner whom the platform notifies", () => {
    expect(problemsOf({ owner: "shopp" })).toEqual([
      {
        path: "services.checkout.owner",
        found: expect.stringMatching(/^"shopp", in test\/components\/service\/on-platform\.test\.ts:15:7$/),
        allowed: "one of the teams platform, shop",
        fix: "write shop",
      },
    ]);
  });

  it("does not take a name that the platform's own program watches", () => {
    expect(problemsOf({ name: "storefront" })).toMatchObject([
      {
        path: "services.checkout.name",
        found: expect.stringMatching(
          /^"storefront", which the platform's own program monitors for team shop, in \S+:15:7$/,
        ),
      },
    ]);
  });

  it("has no objective with a longer period than the platform's retention", () => {
    const objectives = { availability: { percent: "99.9", period: "90d" } } as const;
    expect(problemsOf({ objectives })).toMatchObject([
      { path: "services.checkout.objectives.availability.period", allowed: expect.stringContaining("30d") },
    ]);
    expect(problemsOf({ objectives }, { ...HANDOVER, retention: "90d" })).toEqual([]);
  });

  it.each([
    ["7d", ["28d", "30d", "90d", "month"]],
    ["30d", ["90d", "month"]],
    ["31d", ["90d"]],
    ["90d", []],
  ] as const)(
    "has, with a retention of %s, the same problems as in the platform's own stack: %j",
    (retention, tooLong) => {
      const periods = ["7d", "28d", "30d", "90d", "month"] as const;
      const refused = periods.filter((period) => {
        const objectives = { availability: { percent: "99.9", period } } as const;
        const service = defineService({ ...DEFINITION, name: "checkout", objectives });
        const onPlatform = serviceOnPlatformProblems(
          service,
          { ...HANDOVER, retention },
          "services.checkout",
        );
        expect(stackProblems(service, retention)).toEqual(onPlatform);
        return onPlatform.length > 0;
      });
      expect(refused).toEqual(tooLong);
    },
  );

  it("is not judged where it does not run", () => {
    expect(problemsOf({ owner: "nobody", environments: { prod: { enabled: false } } })).toEqual([]);
  });
});

/** What the platform's own stack reports for a service, at a retention that its volume has room for. */
function stackProblems(service: Service, retention: Duration): readonly Problem[] {
  const prod = structuredClone(samples()["prod"]) as { name: string; prometheus: Record<string, unknown> };
  prod.prometheus = { ...prod.prometheus, retention, volume: "16Ti" };
  const context = { stack: "prod", today: "2026-11-23", environments: [], services: [service] };
  const resolved = resolveEnvironment(prod, context);
  return resolved.ok ? [] : resolved.problems;
}

describe("a provider of Grafana", () => {
  const grafana = { ...HANDOVER.grafana, delivery: "api" } as NonNullable<typeof HANDOVER.grafana>;

  it("is taken where dashboards are created through the API", () => {
    expect(providerProblems({ ...HANDOVER, grafana }, "grafana")).toEqual([]);
  });

  it("is refused for a Grafana that reads ConfigMaps, and for a platform that does not say", () => {
    const { grafana: _, ...older } = HANDOVER;
    expect(providerProblems(HANDOVER, "grafana")).toMatchObject([{ path: "grafana", fix: "remove it" }]);
    expect(providerProblems(older, "grafana")).toMatchObject([
      { path: "grafana", fix: expect.stringMatching(/^ask the platform's owners/) },
    ]);
  });
});
