import { describe, expect, it } from "vitest";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { renderService, renderServiceTests } from "../../../components/service/render.ts";
import type { SloTestCase } from "../../../components/slo/cases.ts";
import { services } from "../../../stacks/services/index.ts";
import { prove } from "../slo/promtool.ts";

const ARGS = {
  scrapeInterval: "2m",
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
} as const;

describe("the cases of the services that the teams run", () => {
  it.each(services.map((service) => [service.name, service] as const))(
    "hold for %s",
    { timeout: 240_000 },
    async (_, service) => {
      for (const environment of ["prod", "dev"]) {
        const args = { ...ARGS, service, environment };
        const tests = Object.entries(renderServiceTests(args));
        for (const group of renderService(args).rules.spec.groups as unknown as RuleGroup[]) {
          const asked = tests
            .filter(([, { rule_files }]) => rule_files.includes(`../rules/${group.name}.yaml`))
            .map(([, file]) => ({
              evaluated: file.evaluation_interval,
              cases: file.tests as SloTestCase[],
            }));
          const { stdout, stderr } = await prove([group], asked);
          expect(stdout + stderr).toMatch(/SUCCESS/);
        }
      }
    },
  );
});
