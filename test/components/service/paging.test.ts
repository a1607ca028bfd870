import { describe, expect, it } from "vitest";
import { promiseRow } from "../../../cli/report/promises.ts";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { defineService, type ServiceDefinition, withPaging } from "../../../components/service/model.ts";
import {
  alertsOfService,
  promisesOfService,
  renderService,
  renderServiceTests,
} from "../../../components/service/render.ts";
import { promtool } from "../slo/promtool.ts";
import { DEFINITION } from "./samples.ts";

const argsOf = (changes: Partial<ServiceDefinition>, environment = "prod") => ({
  service: defineService({ ...DEFINITION, ...changes }),
  environment,
  scrapeInterval: "1m" as const,
  runbookBaseUrl: "https://example.com/runbooks",
  namespace: "monitoring",
});

/** The names of the alerts that page. */
function pages(changes: Partial<ServiceDefinition>, environment?: string): readonly string[] {
  return alertsOfService(argsOf(changes, environment))
    .filter(({ severity }) => severity === "critical")
    .map(({ name }) => name);
}

const QUIET = { objectives: { availability: { percent: "99.9", page: false } } };

describe("page: false", () => {
  it("of a service makes all its pages tickets, and of an objective those of the objective", () => {
    expect(pages({})).toEqual(["SLOErrorBudgetBurnFast", "ServiceHasNoAvailablePods"]);
    expect(pages({ page: false })).toEqual([]);
    expect(pages(QUIET)).toEqual(["ServiceHasNoAvailablePods"]);
    expect(pages({ page: false, objectives: { availability: { page: true } } })).toEqual([
      "SLOErrorBudgetBurnFast",
    ]);
    const custom = {
      percent: "99",
      page: false,
      errors: "sum(rate(a_failed_total[{{.window}}]))",
      total: "sum(rate(a_total[{{.window}}]))",
    };
    expect(pages({ http: undefined, objectives: { custom: { orders: custom } } })).toEqual([]);
  });

  it("holds in one environment alone", () => {
    const inDev = { environments: { dev: { page: false } } };
    expect(pages(inDev, "dev")).toEqual([]);
    expect(pages(inDev, "prod")).toHaveLength(2);
  });

  it("is what an environment's list of tiers gives a service that does not say it", () => {
    const there = (
      changes: Partial<ServiceDefinition>,
      tiers: readonly string[] | undefined,
      name = "dev",
    ) => {
      const args = argsOf(changes, name);
      return alertsOfService({ ...args, service: withPaging(args.service, tiers) }).filter(
        ({ severity }) => severity === "critical",
      ).length;
    };
    expect([undefined, ["critical"], ["standard"], []].map((tiers) => there({}, tiers))).toEqual([
      2, 2, 0, 0,
    ]);
    expect(there({ page: true }, [])).toBe(2);
    expect(there({ page: false }, ["critical"])).toBe(0);
    expect(there({ objectives: { availability: { page: true } } }, [])).toBe(1);
    const inDev = { environments: { dev: { page: true } } };
    expect([there(inDev, []), there(inDev, [], "staging")]).toEqual([2, 0]);
  });

  it("keeps every alert, with the same conditions", () => {
    const conditions = (changes: Partial<ServiceDefinition>) =>
      alertsOfService(argsOf(changes)).map(({ name, expr }) => [name, expr]);
    expect(conditions({ page: false })).toEqual(conditions({}));
  });

  it("promises a ticket where there was a page", () => {
    const told = (changes: Partial<ServiceDefinition>) =>
      promisesOfService(argsOf(changes)).flatMap((promise) => promiseRow(promise).told[0]);
    expect(told({})[0]).toMatch(/^page in /);
    expect(told(QUIET)[0]).toMatch(/^ticket in /);
  });

  it("is proven by the same cases", { timeout: 300_000 }, async () => {
    const args = argsOf({ page: false });
    const name = "service-storefront.availability";
    const [group] = renderService(args).rules.spec.groups as unknown as RuleGroup[];
    const file = renderServiceTests(args)[name];
    if (group === undefined || file === undefined) throw new Error("there are no rules");
    const tests = file.tests.filter(({ name: title }) => /total outage|available pod|no pod/.test(title));
    expect(tests.length).toBeGreaterThan(1);
    expect(JSON.stringify(tests)).not.toContain('"critical"');
    const { code, stdout, stderr } = await promtool([group], "1m", tests);
    expect(code, stdout + stderr).toBe(0);
  });
});
