import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
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
      /ServiceMonitor service-storefront: what has the label app\.kubernetes\.io\/name: storefront in the namespace shop\n\s+port http, path \/metrics, every 30s/,
    );
  });

  it("says who decided on each objective: the tier, the definition, or what it says for an environment", () => {
    expect(explained(definition, "prod")).toContain("availability: 99.9% over 30d (the definition says so)");
    expect(explained(definition, "dev")).toContain(
      "availability: 99% over 30d (the definition says so for dev)",
    );
    expect(explained({ ...DEFINITION, objectives: {} }, "prod")).toContain(
      "availability: 99.9% over 30d (the default of tier critical)",
    );
  });

  it("says whom each alert reaches there, and as what", () => {
    const [prod, dev] = [explained(definition, "prod"), explained(definition, "dev")];
    expect(prod).toMatch(/SLOErrorBudgetBurnFast +critical +pages shop-pager \(pagerduty\)/);
    expect(prod).toMatch(
      /SLOSignalAbsent +warning +opens a ticket at shop-chat \(slack\) once it has held for 10m/,
    );
    expect(prod).toMatch(/SLOErrorBudgetHalfSpent +info +reaches nobody: it is context/);
    expect(dev).not.toContain("pagerduty");
    expect(prod).toMatch(/https:\/\/.*SLOErrorBudgetBurnFast\.md/);
  });

  it("covers every environment where none is named, and says where the service does not run", () => {
    const all = explained(definition);
    for (const environment of ["dev", "local", "prod", "staging"])
      expect(all).toMatch(new RegExp(`^${environment}$`, "m"));
    expect(all).toMatch(/^local\n\s+does not run there/m);
  });

  it("names the services that there are where the name is none of them", () => {
    expect(() => explained(definition, "prod", "storefrnt")).toThrow(
      /"storefrnt"\n.*one of storefront\n.*write storefront/,
    );
  });
});
