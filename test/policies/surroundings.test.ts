import { describe, expect, it } from "vitest";
import { lint } from "../../components/lint/lint.ts";
import { defineService, type ServiceDefinition } from "../../components/service/model.ts";
import { renderService } from "../../components/service/render.ts";
import { groupsOf } from "../../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../../policies/rules/alerting/surroundings.ts";
import { type StackResource, TYPES } from "../../policies/rules/resource.ts";
import { Value } from "../../policies/rules/value.ts";
import { DEFINITION } from "../components/service/samples.ts";

function resource(type: string, name: string, inputs: unknown): StackResource {
  return { urn: name, type, name, protect: false, properties: new Value(inputs), sources: {} };
}

const PROMETHEUS = resource(TYPES.prometheus, "prometheus", {
  spec: { scrapeInterval: "30s", retention: "40d" },
});

/** What the linter says of where the metrics of a service come from. */
function missingSources(scrape: ServiceDefinition["scrape"]): readonly string[] {
  const { monitor, podMonitor, rules } = renderService({
    service: defineService({
      ...DEFINITION,
      http: undefined,
      scrape,
      objectives: {
        custom: {
          orders: {
            percent: "99",
            errors: 'sum(rate(orders_failed_total{job="orders"}[{{.window}}]))',
            total: 'sum(rate(orders_total{job="orders"}[{{.window}}]))',
          },
        },
      },
    }),
    environment: "prod",
    scrapeInterval: "30s",
    runbookBaseUrl: "https://example.com/runbooks",
    namespace: "monitoring",
  });
  const resources = [
    PROMETHEUS,
    ...(monitor ? [resource(TYPES.serviceMonitor, "monitor", monitor)] : []),
    ...(podMonitor ? [resource(TYPES.podMonitor, "monitor", podMonitor)] : []),
    resource(TYPES.prometheusRule, "rules", rules),
  ];
  const { surroundings, undecided } = surroundingsOf(resources);
  expect([surroundings.complete, undecided]).toEqual([true, []]);
  const { findings } = lint(groupsOf(resources).groups, surroundings, { today: "2026-11-23", snoozes: [] });
  return findings.filter(({ check }) => check === "scrape-source").map(({ what }) => what);
}

describe("the jobs that rules may read", () => {
  it("are those that something else scrapes, too, if the definition says so", () => {
    expect(missingSources("elsewhere")).toEqual([]);
    expect(missingSources({ kind: "elsewhere", job: "orders" })).toEqual([]);
  });

  it("are no others: without it, a query for another job is a finding", () => {
    expect(missingSources({ kind: "pod", port: "metrics" }).join("\n")).toContain(
      "of the job orders, which no monitor scrapes",
    );
  });
});
