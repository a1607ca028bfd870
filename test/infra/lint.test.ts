import { describe, expect, it } from "vitest";
import { type LintResult, lint } from "../../components/lint/lint.ts";
import type { SourcedGroup } from "../../components/lint/rule.ts";
import type { Surroundings } from "../../components/lint/surroundings.ts";
import { parseRouting } from "../../policies/rules/alerting/routing.ts";
import { groupsOf } from "../../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../../policies/rules/alerting/surroundings.ts";
import { policies } from "../../policies/rules/index.ts";
import type { StackResource } from "../../policies/rules/resource.ts";
import { judgedDay } from "../../policies/rules/today.ts";
import { Value } from "../../policies/rules/value.ts";
import { readWaivers } from "../../policies/rules/waivers-file.ts";
import { WAIVERS_FILE } from "../../policies/rules/waivers-variable.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { TODAY } from "../support/run-previews.ts";
import { ENVIRONMENTS, type EnvironmentName, files, graph } from "./previews.ts";

// Everything that the previews rendered, under every check: the same reading that the policy rule-lint does, plus what the
// other policies about alerts already say.

const { snoozes } = readWaivers(`${STACKS_FOLDER}/${WAIVERS_FILE}`, {
  policyIds: policies.map(({ id }) => id),
  today: judgedDay({}, new Date()),
});

interface Rendered {
  readonly groups: readonly SourcedGroup[];
  readonly surroundings: Surroundings;
}

function rendered(environment: EnvironmentName): Rendered {
  const resources = graph(environment).map(
    ({ urn, type, name, protect, inputs }): StackResource => ({
      urn,
      type,
      name,
      protect,
      properties: new Value(inputs),
      sources: {},
    }),
  );
  const { groups, undecided } = groupsOf(resources);
  const around = surroundingsOf(resources);
  expect([...undecided, ...around.undecided]).toEqual([]);
  // The graph shows no secrets, and the routing is one; the preview writes it down on its own.
  const routing = parseRouting(files(environment, "alertmanager")["alertmanager.yaml"] ?? "");
  return { groups, surroundings: { ...around.surroundings, routingLabels: routing.labels } };
}

function linted({ groups, surroundings }: Rendered): LintResult {
  return lint(groups, surroundings, {
    today: TODAY,
    snoozes,
  });
}

describe.each(ENVIRONMENTS)("the rules of %s", (environment) => {
  const read = rendered(environment);

  it("pass every check of the linter", () => {
    const rules = read.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(50);
    expect(read.surroundings.complete).toBe(true);
    expect(read.surroundings.routingLabels).toEqual(["severity", "team"]);
    expect(linted(read).findings).toEqual([]);
  });

  it("read no record of another group", () => {
    expect(linted(read).dependencies).toEqual([]);
  });

  it("lose their sources, and the linter says so, when nothing is scraped", () => {
    // The linter is awake: without monitors nearly every alert has lost its source, though its query is the same.
    const { findings } = linted({ ...read, surroundings: { ...read.surroundings, jobs: [] } });
    const silenced = new Set(
      findings.filter(({ check }) => check === "scrape-source").map(({ rule }) => rule),
    );
    const alerts = new Set(read.groups.flatMap(({ rules }) => rules.flatMap(({ alert = [] }) => alert)));
    // These ask for nothing that is scraped: a constant, other alerts; and of SLOs the records, whose own rules are found.
    const spared = [...alerts].filter((alert) => !silenced.has(alert) && !alert.startsWith("SLO")).sort();
    expect(spared).toEqual(["InfoInhibitor", "Watchdog"]);
    expect([...silenced].some((rule) => rule.startsWith("slo:"))).toBe(true);
  });
});

it("snoozes nothing for longer than needed", () => {
  const results = ENVIRONMENTS.map((environment) => linted(rendered(environment)));
  const unused = snoozes.filter((snooze) => results.every((result) => result.unused.includes(snooze)));
  expect(unused).toEqual([]);
  expect(results.flatMap(({ expired }) => expired)).toEqual([]);
});
