import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadPlatform } from "../../cli/platform.ts";
import { preview } from "../../cli/preview.ts";
import { passes } from "../../cli/report/model.ts";
import { importInRepository } from "../../cli/repository/import.ts";
import { defineService, type Service, type ServiceDefinition } from "../../components/service/model.ts";
import { services as own } from "../../stacks/services/index.ts";
import { stackText, TODAY, type Workspace, workspace } from "./sample.ts";

// What is imported by one command goes through a preview with all policies, without an edit.

let current: Workspace | undefined;
afterEach(() => {
  current?.dispose();
  current = undefined;
});

/** The services of this repository, and those of a module that the command printed. */
function withImported(source: string): readonly Service[] {
  const body = source.replace(/^import .*\n/, "").replaceAll(/^export const \w+ = /gm, "found.push(");
  const statements = body.replaceAll(/^defineService|\);$/gm, (text) => (text === ");" ? "));" : text));
  const found: Service[] = [];
  new Function("found", "defineService", statements)(found, (definition: ServiceDefinition) =>
    defineService(definition),
  );
  return [...own, ...found];
}

async function previewed(environment: string, services: readonly Service[]) {
  const { stacksFolder, outFolder } = current as Workspace;
  const result = await preview(await loadPlatform(TODAY, { services }), {
    environments: [environment],
    today: TODAY,
    stacksFolder,
    outFolder,
    progress: { step: () => undefined },
  });
  expect(result.mistaken).toEqual([]);
  const violations = JSON.parse(
    readFileSync(join(outFolder, environment, "policies.json"), "utf8"),
  ) as readonly unknown[];
  const imported = services.filter((service) => !own.includes(service)).map(({ name }) => `service-${name}`);
  // Advice fails no preview, but says here that an alert can never fire.
  const about = violations
    .map((violation) => JSON.stringify(violation))
    .filter((text) => imported.some((name) => text.includes(name)));
  expect(about).toEqual([]);
  return result.previewed.map(({ report }) => ({ passes: passes(report), report }));
}

const TEAMS = "teams:\n        platform:";
const WITH_TEAM = `teams:\n        orders:\n          critical: [local-sink]\n          warning: [local-sink]\n        platform:`;

/** The fields of Sloth's getting-started example: owner, plugin, `for` and labels of alerts too. */
const SLOTH = `version: prometheus/v1
service: orders
labels: {owner: orders, repo: acme/orders, tier: "2"}
slo_plugins: {chain: [{id: sloth.dev/contrib/alert_for/v1}]}
slos:
  - name: requests-availability
    objective: 99.9
    description: Responses that are no failure.
    sli:
      events:
        error_query: sum(rate(http_request_duration_seconds_count{job="orders",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(http_request_duration_seconds_count{job="orders"}[{{.window}}]))
    alerting:
      name: OrdersHighErrorRate
      labels: {category: availability}
      annotations: {summary: Many failures}
      page_alert: {for: 5m, labels: {severity: pageteam, routing_key: orders}}
      ticket_alert: {for: 10m, labels: {severity: slack, slack_channel: "#orders"}}
`;

const PYRRA = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: checkout-errors
  namespace: orders
  labels: {prometheus: k8s, role: alert-rules, pyrra.dev/service: checkout, pyrra.dev/team: orders}
spec:
  target: '99.5'
  window: 4w
  indicator:
    ratio:
      errors: {metric: 'nginx_ingress_controller_requests{ingress="checkout",status=~"5.."}'}
      total: {metric: 'nginx_ingress_controller_requests{ingress="checkout"}'}
      grouping: [path]
`;

describe("one import", () => {
  it.each([
    ["Sloth", SLOTH, 12, "slo_plugins"],
    ["Pyrra", PYRRA, 1, "grouping"],
  ])(
    "of a file of %s goes through to a preview that passes, and names its losses",
    async (_, text, lost, named) => {
      current = workspace({ local: stackText("local", [TEAMS, WITH_TEAM]) });
      const file = join(current.stacksFolder, "..", "slo.yaml");
      writeFileSync(file, text);
      const { text: source, report } = await importInRepository([file], { namespace: "orders" });
      expect(report).toMatch(new RegExp(`^${lost} thing`));
      expect(report).toContain(named);
      expect(await previewed("local", withImported(source))).toMatchObject([{ passes: true }]);
    },
  );

  it("of the values of kube-prometheus-stack does, too", async () => {
    const file = join(import.meta.dirname, "kube-prometheus-stack/values.yaml");
    const { text, report } = await importInRepository([file], { name: "trial" });
    expect(report).toMatch(/^20 things are not carried over/);
    current = workspace({ trial: text });
    expect(await previewed("trial", own)).toMatchObject([{ passes: true }]);
  });

  it("of values needs the name of the environment, and no other file beside", async () => {
    const file = join(import.meta.dirname, "kube-prometheus-stack/values.yaml");
    await expect(importInRepository([file, file], {})).rejects.toThrow(/beside 1 more[\s\S]*--name/);
  });
});
