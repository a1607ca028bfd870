import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Duration } from "../../../components/core/duration.ts";
import type { PromtoolSeries } from "../../../components/core/promtool.ts";
import { defineService, slosOf } from "../../../components/service/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool } from "./promtool.ts";
import { LINKS } from "./samples.ts";
import { CONVENTIONS, FOLDER, fine, odd, real, type Scenario } from "./scenarios.ts";

// What libraries really expose, next to what a convention does not expect of them, through the rules of an objective of each kind.

const SCENARIOS = [...real, ...odd, ...fine];
const idOf = (scenario: Scenario) => `s${SCENARIOS.indexOf(scenario)}`;

function serviceOf(scenario: Scenario) {
  return defineService({
    name: idOf(scenario),
    owner: "shop",
    tier: "critical",
    description: scenario.name,
    namespace: "shop",
    ...scenario.kind,
  });
}

function seriesOf(scenario: Scenario): PromtoolSeries[] {
  const target = scenario.kind.probe
    ? `job="probe/${idOf(scenario)}"`
    : `job="${idOf(scenario)}",namespace="shop"`;
  return scenario.series.map(([sample, values]) => ({
    series: sample.replace(
      /\{(.*)\}/,
      (_, labels: string) => `{${[target, labels].filter(Boolean).join(",")}}`,
    ),
    values,
  }));
}

/** The services of which each query finds a series at its moment. */
async function found(
  ...queries: readonly (readonly [expr: string, eval_time: Duration])[]
): Promise<readonly ReadonlySet<string>[]> {
  const groups = SCENARIOS.flatMap((scenario) =>
    slosOf(serviceOf(scenario)).map((slo) => ruleGroup(slo, "30s", LINKS)),
  );
  // promtool prints what it got, if something else is expected.
  const nothing = [{ labels: "{}", value: -1 }];
  const { stdout, stderr } = await promtool(groups, "30s", [
    {
      name: "expositions",
      interval: "30s",
      input_series: SCENARIOS.flatMap(seriesOf),
      promql_expr_test: queries.map(([expr, eval_time]) => ({
        expr: `count by (service) (${expr})`,
        eval_time,
        exp_samples: nothing,
      })),
    },
  ]);
  const answers = (stdout + stderr).split("got:").slice(1);
  expect(answers).toHaveLength(queries.length);
  return answers.map(
    (answer) => new Set([...answer.matchAll(/service="(\w+)"/g)].map(([, service = ""]) => service)),
  );
}

let tickets: ReadonlySet<string>;
let early: ReadonlySet<string>;
let failing: ReadonlySet<string>;
beforeAll(async () => {
  const firing =
    'ALERTS{alertname="SLOSignalUnclassified",alertstate="firing",severity="warning",team="shop"}';
  [early, tickets, failing] = (await found(
    [firing, "14m"],
    [firing, "17m"],
    ["slo:sli_errors:rate5m > 0", "17m"],
  )) as [ReadonlySet<string>, ReadonlySet<string>, ReadonlySet<string>];
}, 300_000);

describe("the ticket for events of an unknown outcome", () => {
  it.each(odd.map((scenario) => [scenario.name, scenario] as const))(
    "comes within 17 minutes: %s",
    (_, scenario) => {
      expect(tickets).toContain(idOf(scenario));
      expect(early).not.toContain(idOf(scenario));
    },
  );

  it.each([...real, ...fine].map((scenario) => [scenario.name, scenario] as const))(
    "does not come: %s",
    (_, scenario) => {
      expect(tickets).not.toContain(idOf(scenario));
    },
  );
});

describe("the failures in what a library exposes", () => {
  it.each(real.map((scenario) => [scenario.name, scenario] as const))(
    "count as errors: %s",
    (_, scenario) => {
      expect(failing).toContain(idOf(scenario));
    },
  );

  it("are looked for in every file", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(CONVENTIONS).sort());
  });
});
