import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { paintFor } from "../../cli/paint.ts";
import { explainService } from "../../cli/repository/explain.ts";
import { defineService, type ServiceDefinition } from "../../components/service/model.ts";
import { DEFINITION } from "../components/service/samples.ts";

const PLAIN = paintFor({}, {});
const STACKS = fileURLToPath(new URL("../../stacks", import.meta.url));

function explained(definition: ServiceDefinition, environment?: string, name = definition.name): string {
  const options = {
    name,
    stacks: STACKS,
    today: "2026-11-23",
    ...(environment !== undefined && { environment }),
  };
  const { text, mistaken } = explainService([defineService(definition)], options, PLAIN);
  expect(mistaken).toEqual([]);
  return text;
}

describe("the explanation of a service", () => {
  const definition: ServiceDefinition = {
    ...DEFINITION,
    environments: { dev: { objectives: { availability: "99" } }, local: { enabled: false } },
  };

  it("says what is scraped, where and how often", () => {
    expect(explained(definition, "prod")).toMatch(
      /ServiceMonitor service-storefront: Services with the label app\.kubernetes\.io\/name: storefront in the namespace shop\n\s+port http, path \/metrics, every 30s/,
    );
  });

  it("says where each percentage comes from: the tier, the definition, or its settings for an environment", () => {
    expect(explained(definition, "prod")).toContain("availability: 99.9% over 30d (percentage: definition)");
    expect(explained(definition, "dev")).toContain(
      "availability: 99% over 30d (percentage: definition, for dev)",
    );
    expect(explained({ ...DEFINITION, objectives: {} }, "prod")).toContain(
      "availability: 99.9% over 30d (percentage: default of tier critical)",
    );
  });

  it("calls a percentage a default where the definition has other settings of the objective", () => {
    const latency: ServiceDefinition = {
      ...DEFINITION,
      objectives: { latency: { threshold: "250ms" }, availability: { percent: "99.5", period: "7d" } },
      environments: {
        dev: { objectives: { latency: { threshold: "500ms", percent: "95" } } },
        staging: { objectives: { availability: { period: "7d" } } },
      },
    };
    const [prod, dev, staging] = ["prod", "dev", "staging"].map((name) => explained(latency, name));
    expect(prod).toContain("latency: 99% over 30d (percentage: default of tier critical)");
    expect(prod).toContain("availability: 99.5% over 7d (percentage: definition)");
    expect(dev).toContain("latency: 95% over 30d (percentage: definition, for dev)");
    // The settings for an environment replace all the others of the objective.
    expect(staging).toContain("availability: 99.9% over 7d (percentage: default of tier critical)");
  });

  it("names the service's dashboard as it is rendered, with its URL where Grafana has one", () => {
    const [dashboard] = readdirSync(join(inject("previews"), "prod/dashboards"))
      .filter((file) => file.includes("service-storefront"))
      .map((file) => JSON.parse(readFileSync(join(inject("previews"), "prod/dashboards", file), "utf8")));
    expect(explained(definition, "prod")).toContain(
      `  Dashboards\n    ${dashboard.title}, in the folder Team shop (prod): https://grafana.example.com/d/${dashboard.uid}\n`,
    );
    expect(explained(definition, "dev")).toMatch(
      /^ {2}Dashboards\n {4}Service storefront \(dev\), in the folder Team shop \(dev\)$/m,
    );
  });

  it("names the receivers of each alert, and their kinds", () => {
    const [prod, dev] = [explained(definition, "prod"), explained(definition, "dev")];
    expect(prod).toMatch(/SLOErrorBudgetBurnFast +critical +pages shop-pager \(pagerduty\)/);
    expect(prod).toMatch(
      /SLOSignalAbsent +warning +opens a ticket in shop-chat \(slack\), after 10m pending/,
    );
    expect(prod).toMatch(/SLOErrorBudgetHalfSpent +info +no notification/);
    expect(dev).not.toContain("pagerduty");
    expect(prod).toMatch(/https:\/\/.*SLOErrorBudgetBurnFast\.md/);
  });

  it("covers every environment where none is named, and says where the service is not monitored", () => {
    const all = explained(definition);
    for (const environment of ["dev", "local", "prod", "staging"])
      expect(all).toMatch(new RegExp(`^${environment}$`, "m"));
    expect(all).toMatch(/^local\n\s+not monitored: the definition leaves this environment out$/m);
  });

  it("names the services that there are where the name is none of them", () => {
    expect(() => explained(definition, "prod", "storefrnt")).toThrow(
      /"storefrnt"\n.*one of storefront\n.*write storefront/,
    );
  });
});
