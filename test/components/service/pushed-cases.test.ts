import { describe, expect, it } from "vitest";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { defineService } from "../../../components/service/model.ts";
import { renderService, renderServiceTests } from "../../../components/service/render.ts";
import type { SloTestCase } from "../../../components/slo/cases.ts";
import { prove } from "../slo/promtool.ts";

const ARGS = {
  scrapeInterval: "1m",
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
  environment: "prod",
} as const;

describe("the cases of a service that pushes", () => {
  it.each(["classic", "native"] as const)(
    "hold for %s histograms",
    { timeout: 240_000 },
    async (histogram) => {
      const service = defineService({
        name: "checkout",
        owner: "shop",
        tier: "critical",
        description: "Takes orders and payments",
        namespace: "shop",
        http: { metrics: "otel", histogram },
        scrape: "push",
        objectives: { latency: { threshold: "1s" } },
      });
      const args = { ...ARGS, service };
      const tests = Object.entries(renderServiceTests(args));
      const groups = renderService(args).rules.spec.groups as unknown as RuleGroup[];
      expect(groups.length).toBe(2);
      for (const group of groups) {
        const asked = tests
          .filter(([, { rule_files }]) => rule_files.includes(`../rules/${group.name}.yaml`))
          .map(([, file]) => ({ evaluated: file.evaluation_interval, cases: file.tests as SloTestCase[] }));
        expect(asked.length).toBeGreaterThan(1);
        const { stdout, stderr } = await prove([group], asked);
        expect(stdout + stderr).toMatch(/SUCCESS/);
        expect(stdout + stderr).not.toMatch(/FAILED/);
      }
    },
  );
});
