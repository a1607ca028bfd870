import { describe, expect, it } from "vitest";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { lintDashboards } from "../../components/grafana/lint/lint.ts";
import { TODAY } from "../support/run-previews.ts";
import { dashboardWorld } from "./dashboard-world.ts";
import { ENVIRONMENTS } from "./previews.ts";

// The dashboards that the previews rendered, under every check, among the rules and monitors of the same environment.

describe.each(ENVIRONMENTS)("the dashboards of %s", (environment) => {
  const world = dashboardWorld(environment);
  const result = lintDashboards(world, { exclusions: EXCLUSIONS, today: TODAY });

  it("pass every check", () => {
    expect(world.dashboards.length).toBeGreaterThanOrEqual(15);
    expect(result.findings).toEqual([]);
  });

  it("are linked to by every alert that has a panel, where people reach Grafana at all", () => {
    const linked = world.alerts.filter(({ dashboardUrl }) => dashboardUrl !== undefined);
    const reachable = environment === "prod" || environment === "staging";
    expect(linked.length).toBeGreaterThan(reachable ? 50 : -1);
    if (!reachable) expect(linked).toEqual([]);
  });

  it("are caught without what supplies them", () => {
    const unscraped = { ...world, surroundings: { ...world.surroundings, jobs: [] } };
    const { findings } = lintDashboards(unscraped, { exclusions: EXCLUSIONS, today: TODAY });
    expect(findings.filter(({ check }) => check === "metric-source").length).toBeGreaterThan(80);
  });
});

it("excuses nothing for longer than needed", () => {
  const results = ENVIRONMENTS.map((environment) =>
    lintDashboards(dashboardWorld(environment), { exclusions: EXCLUSIONS, today: TODAY }),
  );
  expect(EXCLUSIONS.filter((one) => results.every(({ unused }) => unused.includes(one)))).toEqual([]);
  expect(results.flatMap(({ expired }) => expired)).toEqual([]);
});
