import { describe, expect, it } from "vitest";
import { record } from "../../../cli/recording/recorder.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { Platform } from "../../../components/platform/component.ts";
import type { PlatformHandover } from "../../../components/platform/model.ts";
import { ServiceMonitoring } from "../../../components/service/component.ts";
import { defineService, type ServiceDefinition } from "../../../components/service/model.ts";
import { DEFINITION } from "../service/samples.ts";
import { HANDOVER } from "./samples.ts";

const STACK = "acme/bellwether/prod";

/** Runs a team's program, as the engine would, with a platform's stack that exports this. */
async function program(definition: ServiceDefinition, handover: unknown, stack = STACK) {
  const unanswered: string[] = [];
  const references = {
    outputs: { [STACK]: { bellwether: handover as never } },
    onUnanswered: (name: string) => void unanswered.push(name),
  };
  const context = { project: "shop", stack: "prod", config: {}, secretKeys: [], references };
  const run = async () => {
    const platform = await Platform.fromStack(stack);
    const service = defineService(definition);
    new ServiceMonitoring(service.name, { service, platform });
    return { environment: platform.environment };
  };
  const { resources, outputs } = await record(run, context, { repeatable: false });
  return { resources, outputs, unanswered };
}

describe("a team's program on the platform of another stack", () => {
  const definition = { ...DEFINITION, name: "checkout" };

  it("is given the environment by the stack's outputs", async () => {
    const { resources, outputs } = await program(definition, HANDOVER);
    expect(outputs).toEqual({ environment: "prod" });
    const monitor = resources.find(({ type }) => type.endsWith(":ServiceMonitor"));
    expect(monitor?.inputs).toMatchObject({
      metadata: { namespace: "monitoring" },
      spec: { endpoints: [{ interval: "30s" }] },
    });
    const rules = resources.find(({ type }) => type.endsWith(":PrometheusRule"));
    expect(JSON.stringify(rules?.inputs)).toContain("https://example.com/runbooks/SLOErrorBudgetBurnFast.md");
  });

  it("puts its objects where the platform's monitors are, whatever that namespace is called", async () => {
    const { resources } = await program(definition, { ...HANDOVER, monitoringNamespace: "observability" });
    const namespaces = resources.flatMap(
      ({ inputs }) => (inputs["metadata"] as { namespace?: string } | undefined)?.namespace ?? [],
    );
    expect(new Set(namespaces)).toEqual(new Set(["observability"]));
  });

  it("takes an objective over a calendar month, and rejects it where the retention is shorter than 31 days", async () => {
    const objectives = { availability: { percent: "99.9", period: "month" } } as const;
    const onMonth = { ...definition, objectives };
    const { resources } = await program(onMonth, { ...HANDOVER, retention: "31d" });
    const rules = resources.find(({ type }) => type.endsWith(":PrometheusRule"));
    expect(JSON.stringify(rules?.inputs)).toContain("slo:error_budget");
    const refused = program(onMonth, HANDOVER);
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toThrow(
      /at most 30d, the retention of prod; a calendar month has up to 31 days/,
    );
  });

  it("creates nothing for a service that does not run there", async () => {
    const { resources } = await program(
      { ...definition, environments: { prod: { enabled: false } } },
      HANDOVER,
    );
    expect(resources.filter(({ custom }) => custom)).toEqual([]);
  });

  it.each<[string, Partial<ServiceDefinition>, PlatformHandover, RegExp]>([
    ["an owner who is no team", { owner: "nobody" }, HANDOVER, /owner\n.*"nobody"/],
    ["a name that is taken", { name: "storefront" }, HANDOVER, /name\n.*"storefront", which the platform/],
    ["a platform of another contract", {}, { ...HANDOVER, contract: 7 as never }, /7, of a platform/],
  ])("is refused for %s, before anything is registered", async (_, changes, handover, message) => {
    const refused = program({ ...definition, ...changes }, handover);
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toThrow(message);
  });

  it("is refused where its platform's outputs are unknown", async () => {
    await expect(program(definition, HANDOVER, "acme/bellwether/qa")).rejects.toThrow(
      /acme\/bellwether\/qa\.bellwether\n.*never deployed/,
    );
  });
});
