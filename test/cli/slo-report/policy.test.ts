import { describe, expect, it } from "vitest";
import { factsOf, summaryOf } from "../../../cli/slo-report/words.ts";
import { Scenario } from "./scenario.ts";

describe("the error budget policy of an environment", { timeout: 120_000 }, () => {
  it("says what waits while a budget is spent, by the policy of the environment that Prometheus names, and nothing else", async () => {
    const bad = new Scenario(7 / 24, "1m", [{ service: "storefront", from: 2, to: 4, ratio: 1 }]);
    const prometheus = await bad.run();
    const freeze = "workloads" as const;
    const policyOf = async (environment: string) =>
      environment === "prod" ? { freeze, openedBy: ["platform"] } : undefined;
    const frozen = await bad.report(prometheus, { policyOf });
    const without = await bad.report(prometheus);
    expect(frozen.errorBudget).toEqual({ freeze, openedBy: ["platform"] });
    const { to } = bad.month();
    const { answers } = await prometheus.query("slo:error_budget_spent:ratio >= 1", to);
    await prometheus.stop();
    const spent = new Set(answers.map(({ labels }) => `${labels["service"]} ${labels["slo"]}`));
    expect(spent.size).toBeGreaterThan(0);
    expect(spent.size).toBeLessThan(frozen.objectives.length);
    for (const { service, slo, policy } of frozen.objectives)
      expect(policy.waits, service).toBe(spent.has(`${service} ${slo}`) ? freeze : null);
    expect(without.errorBudget).toBeNull();
    expect(without.objectives.map(({ policy }) => policy.waits)).toEqual([null, null]);
    const of = frozen.objectives.find(({ policy }) => policy.waits !== null);
    expect(of && factsOf(of, frozen).find(([what]) => what.startsWith("Policy"))?.[1]).toMatch(
      /^spent \(\d+\.\d%\): all changes of its workloads wait, except with a waiver of platform$/,
    );
    expect(summaryOf(frozen)).toContain(`; changes of ${spent.size} service`);
  });
});
