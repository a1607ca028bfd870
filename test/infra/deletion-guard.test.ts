import { describe, expect, it } from "vitest";
import { ENVIRONMENTS, graph } from "./previews.ts";

// Pulumi deletes a resource before what it depends on. The guard is refused while teams use the platform: nothing may be deleted before it.

describe.each(ENVIRONMENTS)("the deletion guard of %s", (environment) => {
  const resources = () => graph(environment).filter(({ type }) => /^(aws|grafana|kubernetes):/.test(type));

  it("depends on every other resource, so that a destroy begins with it", () => {
    const byUrn = new Map(graph(environment).map((resource) => [resource.urn, resource]));
    const guard = resources().find(({ name }) => name === "deletion-guard");
    const after = new Set<string>();
    const pending = [...(guard?.dependsOn ?? [])];
    for (let urn = pending.pop(); urn !== undefined; urn = pending.pop()) {
      if (after.has(urn)) continue;
      after.add(urn);
      pending.push(...(byUrn.get(urn)?.dependsOn ?? []));
    }
    const others = resources().filter(({ urn }) => urn !== guard?.urn);
    expect(others.length).toBeGreaterThan(50);
    expect(others.filter(({ urn }) => !after.has(urn)).map(({ name }) => name)).toEqual([]);
  });
});
