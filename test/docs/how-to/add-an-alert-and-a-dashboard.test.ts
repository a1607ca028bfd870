import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { installedClone } from "../clone.ts";
import { blocksOf, follow, howTo, type Ran } from "../page.ts";

const MINUTES = 60_000;
const page = howTo("add-an-alert-and-a-dashboard");

describe("docs/how-to/add-an-alert-and-a-dashboard.md, followed in a clone", () => {
  const clone = installedClone();
  let ran: readonly Ran[];
  const block = (command: string) => {
    const found = ran.find(({ text }) => text.includes(command));
    if (found === undefined) throw new Error(`no block has ${command}`);
    return found;
  };
  const read = (path: string) => readFileSync(join(clone.folder, path), "utf8");

  beforeAll(async () => {
    ran = await follow(page, clone.folder, [await tool("promtool"), await tool("amtool")]);
  }, 4 * MINUTES);
  afterAll(clone.remove);

  it("needs no command that fails", () => {
    expect(ran.length).toBe(5);
    for (const { text, code, stdout, stderr } of ran) expect(code, `${text}${stdout}${stderr}`).toBe(0);
  });

  it("gives the objective rules, alerts and promtool cases that pass", async () => {
    const name = "service-storefront.payments";
    const { groups } = parse(read(`out/prod/prometheus/rules/${name}.yaml`)) as {
      readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    expect(alerts).toEqual(expect.arrayContaining(["SLOErrorBudgetBurnFast", "SLOSignalAbsent"]));
    const tests = join(clone.folder, "out/prod/prometheus/tests", `${name}.yaml`);
    expect(readFileSync(tests, "utf8")).toContain("exp_annotations");
    const { code, stdout, stderr } = await run(await tool("promtool"), ["test", "rules", tests]);
    expect(code, stdout + stderr).toBe(0);
    expect(read("out/prod/dashboards/bellwether-service-storefront-prod.json")).toContain("payments");
    expect(block("explain storefront").stdout).toContain("payments");
  });

  it("gives the alert of the definition a rule, a page and promtool cases that pass, without a finding", () => {
    expect(block("promtool test rules out/prod").stdout).toContain("SUCCESS");
    const rules = read("out/prod/prometheus/rules/service-storefront.own.alerts.yaml");
    expect(rules).toContain("alert: OrdersWait");
    expect(rules).not.toContain("nproven");
    expect(read("out/prod/runbooks/OrdersWait.md")).toContain(
      "- OrdersWait of storefront fires when the consumer",
    );
    expect(block("explain storefront").stdout).toMatch(/OrdersWait +warning +opens a ticket in/);
    expect(read("out/prod/report.md")).toContain("OrdersWait");
    expect(read("out/prod/policies.json")).not.toContain("OrdersWait");
  });

  it("routes the alert to the receiver that the page names", () => {
    const { stdout } = block("amtool config routes");
    expect(page).toContain(`Here it prints \`${stdout.trim()}\``);
    const { spec } = parse(read("alerts/orders.yaml")) as {
      readonly spec: {
        readonly groups: readonly {
          readonly rules: readonly { readonly labels: Readonly<Record<string, string>> }[];
        }[];
      };
    };
    const { severity, team } = spec.groups[0]?.rules[0]?.labels ?? {};
    expect(block("amtool config routes").text).toContain(`severity=${severity} team=${team}`);
  });

  it("reports a rule that lacks the labels and annotations of the page's table", {
    timeout: 2 * MINUTES,
  }, async () => {
    const text = read("alerts/orders.yaml");
    for (const line of [
      "            team: shop\n",
      /^ +runbook_url: .*\n/m,
      "            severity: warning\n",
    ]) {
      const { code, stdout } = await lint("orders.yaml", text.replace(line, ""));
      expect(code, String(line)).toBe(1);
      expect(stdout).toContain("StorefrontOrdersStopped");
    }
  });

  it("reports a job that no monitor scrapes", async () => {
    const text = read("alerts/orders.yaml").replace('job="storefront"', 'job="storefrunt"');
    const { code, stdout } = await lint("orders.yaml", text);
    expect(code).toBe(1);
    expect(stdout).toContain("storefrunt");
  });

  /** The linter's answer about another text of a file, beside the platform's manifests. */
  async function lint(file: string, text: string) {
    const other = mkdtempSync(join(clone.folder, "other-"));
    writeFileSync(join(other, file), text);
    try {
      const args = ["cli/bellwether.js", "lint", other, "out/prod/manifests", "out/prod/dashboards"];
      return await run(process.execPath, args, { cwd: clone.folder });
    } finally {
      rmSync(other, { recursive: true });
    }
  }

  it("has no finding for the dashboard, and one for each mistake in it", {
    timeout: 2 * MINUTES,
  }, async () => {
    expect(block("lint dashboards out").stdout).toMatch(/^ +0 +findings$/m);
    const text = read("dashboards/orders.json");
    const mistakes = [
      ['"unit": "ops"', '"unit": ""', "panel-units"],
      ["sum by (job) (rate(", "sum by (job) (irrate(", "target-promql"],
      ['job=\\"storefront\\"', 'job=\\"storefrunt\\"', "metric-source"],
    ] as const;
    for (const [from, to, check] of mistakes) {
      expect(text).toContain(from);
      const { code, stdout } = await lint("dashboard.json", text.replace(from, to));
      expect(code, check).toBe(1);
      expect(stdout).toContain(check);
    }
  });
});

describe("the page about own alerts and dashboards", () => {
  const manifests = (environment: string, prefix: string) => {
    const folder = join(inject("previews"), environment, "manifests");
    return readdirSync(folder)
      .filter((file) => file.startsWith(prefix))
      .map((file) => parse(readFileSync(join(folder, file), "utf8")) as Readonly<Record<string, unknown>>);
  };

  it("has the label, the annotation and the namespace that Grafana's sidecar selects by", () => {
    const config = blocksOf(page).find(({ file }) => file === "dashboards/configmap.yaml");
    const { metadata } = parse(config?.text ?? "") as {
      readonly metadata: {
        readonly namespace: string;
        readonly labels: object;
        readonly annotations: object;
      };
    };
    const own = manifests("local", "configmap-monitoring-grafana-dashboard-") as unknown as readonly {
      readonly metadata: {
        readonly namespace: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      };
    }[];
    expect(own.length).toBeGreaterThan(10);
    for (const dashboard of own) {
      expect(dashboard.metadata.namespace).toBe(metadata.namespace);
      expect(dashboard.metadata.labels).toMatchObject(metadata.labels);
      expect(Object.keys(dashboard.metadata.annotations)).toEqual(Object.keys(metadata.annotations));
    }
    const folders = own.map(({ metadata: { annotations } }) => annotations["grafana_folder"]);
    expect(folders).toContain((metadata.annotations as Record<string, string>)["grafana_folder"]);
  });

  it("is right that Prometheus reads the rules of all namespaces", () => {
    for (const environment of ["dev", "local", "prod", "staging"]) {
      const [prometheus] = manifests(environment, "prometheus-");
      expect(prometheus?.["spec"]).toMatchObject({ ruleNamespaceSelector: {}, ruleSelector: {} });
    }
  });
});
