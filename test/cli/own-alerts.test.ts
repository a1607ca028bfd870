import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paintFor } from "../../cli/paint.ts";
import { loadPlatform, type Platform } from "../../cli/platform.ts";
import { type Previewed, preview } from "../../cli/preview.ts";
import { explainService } from "../../cli/repository/explain.ts";
import { resolverFor } from "../../cli/resolver.ts";
import { programReport } from "../../cli/team/report.ts";
import { routedAlerts } from "../../cli/team/services.ts";
import { defineService } from "../../components/service/model.ts";
import { deployWith } from "../../infra/deploy.ts";
import { proofs } from "../../infra/proof.ts";
import { WITH_ALERTS } from "../components/service/own-alerts/samples.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { stackText, TODAY, type Workspace, workspace } from "./sample.ts";

const SLOW = { timeout: 300_000 };
const GROUP = {
  name: "queue",
  rules: [
    { record: "queue:length:max", expr: 'max by (job) (queue_length{job="storefront"})' },
    {
      alert: "QueueStuck",
      expr: 'queue:length:max{job="storefront"} > 100',
      for: "10m",
      labels: { severity: "warning" },
      annotations: { summary: "The queue has more than 100 entries" },
    },
  ],
} as const;
const FILE = "service-storefront.own.rules.queue.queue";
const SERVICE = defineService({
  ...WITH_ALERTS,
  rules: [{ file: "queue.yaml", groups: [{ ...GROUP, rules: [...GROUP.rules] }] }],
});
const SERVICES = [SERVICE];

/** This repository's platform with one service, which has alerts of its own. */
async function platform(): Promise<Platform> {
  return {
    ...(await loadPlatform(TODAY)),
    resolve: resolverFor(SERVICES, TODAY),
    program: async () => () => deployWith(SERVICES),
    tests: (environment) => proofs(environment, SERVICES).tests,
    promises: (environment) => proofs(environment, SERVICES).promises,
    globalRules: () => undefined,
    notices: (environment) => proofs(environment, SERVICES).notices,
    services: () => [SERVICE.name],
  };
}

let place: Workspace;
let previewed: Previewed;
beforeAll(async () => {
  place = workspace({ local: stackText("local"), dev: stackText("dev") });
  const { stacksFolder, outFolder } = place;
  const result = await preview(await platform(), {
    environments: ["local"],
    today: TODAY,
    stacksFolder,
    outFolder,
    progress: { step: () => undefined },
  });
  expect(result.mistaken).toEqual([]);
  [previewed] = result.previewed as [Previewed];
}, 300_000);
afterAll(() => place.dispose());

const written = (path: string) => readFileSync(join(place.outFolder, "local", path), "utf8");

describe("a preview of a service with alerts of its own and a rule file", SLOW, () => {
  it("passes the linters of rules and dashboards, and every other policy", () => {
    const { policies, outcome } = previewed.report;
    expect(policies.filter(({ verdict }) => verdict === "violation")).toEqual([]);
    expect(outcome.routing).toEqual([]);
    const about = policies
      .flatMap(({ findings }) => findings)
      .filter(({ what }) => /OrdersWait|NoOrders|PoolEmpty|QueueStuck|queue:length/.test(what));
    expect(about).toEqual([]);
  });

  it("routes them to the owner and says what they read", () => {
    const rows = previewed.report.alerts.filter(({ name }) =>
      ["OrdersWait", "NoOrders", "PoolEmpty", "QueueStuck"].includes(name),
    );
    expect(rows.map(({ name, team, service, unproven }) => [name, team, service, unproven])).toEqual([
      ["OrdersWait", "shop", "storefront", false],
      ["NoOrders", "shop", "storefront", false],
      ["PoolEmpty", "shop", "storefront", true],
      ["QueueStuck", "shop", "storefront", true],
    ]);
    for (const { receivers, reads, dashboardUrl: _, problem } of rows) {
      expect(receivers.length).toBeGreaterThan(0);
      expect(reads).toMatch(/\d/);
      expect(problem).toBeUndefined();
    }
  });

  it("writes cases that hold in the deployed Prometheus' promtool", async () => {
    const folder = join(place.outFolder, "local/prometheus/tests");
    expect(readdirSync(folder)).toContain("service-storefront.own.alerts.yaml");
    const program = await tool("promtool");
    const { code, stdout, stderr } = await run(
      program,
      ["test", "rules", "service-storefront.own.alerts.yaml"],
      {
        cwd: folder,
      },
    );
    expect(code, stdout + stderr).toBe(0);
  });

  it("writes the page of each, for the team to complete", () => {
    expect(readdirSync(join(place.outFolder, "local/runbooks"))).toEqual([
      "NoOrders.md",
      "OrdersWait.md",
      "PoolEmpty.md",
      "QueueStuck.md",
    ]);
    expect(written("runbooks/NoOrders.md")).toContain(
      "- NoOrders of storefront fires when the last order was long ago",
    );
  });
});

describe("a rule file", SLOW, () => {
  it("is deployed, and promtool accepts it", async () => {
    expect(written(`prometheus/rules/${FILE}.yaml`)).toContain("record: queue:length:max");
    const path = join(place.outFolder, "local/prometheus/rules", `${FILE}.yaml`);
    const { code, stdout } = await run(await tool("promtool"), ["check", "rules", path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("2 rules found")]);
  });

  it("is counted in what the rules cost", () => {
    const row = previewed.report.costs.rows.find(({ what }) => what.includes("rule files of teams"));
    expect(row).toMatchObject({ rules: "1 recording", series: "1" });
  });

  it("has a page for its alert, which says how to prove it", () => {
    expect(written("runbooks/QueueStuck.md")).toContain("Move it from the rule file to `alerts.QueueStuck`");
  });
});

describe("an alert without examples", SLOW, () => {
  it("is marked as unproven wherever a preview shows it, and no other alert is", () => {
    const markdown = written("report.md");
    expect(markdown).toMatch(/\| \[PoolEmpty\]\([^|]*\) storefront \*\*unproven\*\* \|/);
    expect(markdown).toContain("Unproven alerts: PoolEmpty of storefront, QueueStuck of storefront.");
    expect(markdown).not.toMatch(/\[(?:OrdersWait|NoOrders)\][^\n]*nproven/);
    const html = written("report.html");
    expect(html.match(/<span class="tag warn">unproven<\/span>/g)).toHaveLength(2);
    expect(html).toContain("Unproven alerts: PoolEmpty of storefront, QueueStuck of storefront.");
    expect(written("runbooks/PoolEmpty.md")).toContain("Unproven: no example says");
    const model = JSON.parse(written("model.json")) as {
      readonly alerts: readonly { name: string; unproven?: true }[];
    };
    expect(model.alerts.filter(({ unproven }) => unproven).map(({ name }) => name)).toEqual([
      "PoolEmpty",
      "QueueStuck",
    ]);
  });

  it("is marked in every rule and dashboard that is deployed", () => {
    const rules = written("prometheus/rules/service-storefront.own.alerts.yaml");
    expect(rules.match(/\(unproven\)/g)).toHaveLength(1);
    expect(rules.match(/proof: unproven/g)).toHaveLength(1);
    const boards = readdirSync(join(place.outFolder, "local/dashboards"));
    const board = boards.find((file) => file.includes("service-storefront")) ?? "";
    const { panels } = JSON.parse(written(`dashboards/${board}`)) as {
      readonly panels: readonly { title?: string; description?: string }[];
    };
    const marked = panels.filter(({ description }) => description?.includes("Unproven"));
    expect(marked.map(({ title }) => title)).toEqual(["PoolEmpty"]);
  });

  it("is marked in the explanation of its service, and in the report of a team's program", () => {
    const options = { name: SERVICE.name, environment: "local", stacks: place.stacksFolder, today: TODAY };
    const { text } = explainService(SERVICES, options, paintFor({}, {}));
    expect(text).toMatch(/PoolEmpty +warning .*unproven: the definition has no examples/);
    expect(text.match(/unproven: the definition/g)).toHaveLength(2);
    const args = {
      service: SERVICE,
      environment: "prod",
      scrapeInterval: "30s" as const,
      runbookBaseUrl: "https://example.com/runbooks",
    };
    const monitored = { urn: "", service: SERVICE, environment: "prod", args, dashboards: [], promises: [] };
    const report = programReport("prod", {
      resources: [],
      services: [],
      alerts: routedAlerts([monitored], new Map()),
      namespaces: [],
      policies: [],
      policiesAsked: 0,
      waiverNotices: [],
      passes: true,
      files: new Map(),
    });
    expect(report).toContain("| [PoolEmpty](https://example.com/runbooks/PoolEmpty.md) **unproven** |");
    expect(report.match(/\*\*unproven\*\*/g)).toHaveLength(2);
    expect(report).toContain("> Unproven alerts: PoolEmpty of storefront, QueueStuck of storefront.");
  });
});
