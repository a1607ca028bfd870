import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { paintFor } from "../../cli/paint.ts";
import { type PreviewResult, preview } from "../../cli/preview.ts";
import { renderHtml } from "../../cli/report/html.ts";
import { renderMarkdown } from "../../cli/report/markdown.ts";
import { passes } from "../../cli/report/model.ts";
import { summary } from "../../cli/terminal.ts";
import { samplePlatform, stackText, TODAY, type Workspace, workspace } from "./sample.ts";

let current: Workspace | undefined;
afterEach(() => {
  current?.dispose();
  current = undefined;
});

type SampleOptions = NonNullable<Parameters<typeof samplePlatform>[0]>;

async function run(
  stacks: Readonly<Record<string, string>>,
  options: SampleOptions = {},
  environments: readonly string[] = [],
): Promise<PreviewResult & { readonly out: string }> {
  current ??= workspace(stacks);
  const { stacksFolder, outFolder } = current;
  const result = await preview(samplePlatform(options), {
    environments,
    today: TODAY,
    stacksFolder,
    outFolder,
    progress: { step: () => undefined },
  });
  return { ...result, out: outFolder };
}

/** Every file below a folder with its content. */
function contents(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((file) => join(file.parentPath, file.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

describe("what a preview writes", () => {
  let shared: Workspace;
  let out: string;
  let previewed: PreviewResult["previewed"];
  beforeAll(async () => {
    ({ out, previewed } = await run({ local: stackText("local") }));
    if (current !== undefined) shared = current;
    current = undefined;
  });
  afterAll(() => shared.dispose());

  it("is the whole contract", () => {
    expect([...contents(out).keys()]).toEqual([
      "local/alertmanager/alertmanager.yaml",
      "local/dashboards/sample.json",
      "local/graph.json",
      "local/manifests/configmap-monitoring-dashboard-sample.yaml",
      "local/manifests/prometheus-monitoring-main.yaml",
      "local/manifests/prometheusrule-monitoring-platform-sample.yaml",
      "local/manifests/secret-monitoring-alertmanager-config.yaml",
      "local/manifests/secret-monitoring-grafana-admin.yaml",
      "local/model.json",
      "local/policies.json",
      "local/prometheus/rules/platform-sample.yaml",
      "local/prometheus/tests/platform-sample.yaml",
      "local/report.html",
      "local/report.md",
    ]);
    expect(previewed.every(({ report }) => passes(report))).toBe(true);
  });

  it("is the graph with parents and protection, and without what is secret or unknown", () => {
    const graph = JSON.parse(readFileSync(join(out, "local/graph.json"), "utf8"));
    expect(Object.keys(graph)).toEqual(["environment", "today", "resources", "outputs"]);
    const vpc = graph.resources.find(({ type }: { type: string }) => type === "aws:ec2/vpc:Vpc");
    expect(vpc).toMatchObject({ name: "network", protect: true, inputs: { cidrBlock: "10.0.0.0/16" } });
    expect(vpc.parent).toContain("bellwether:network:Network::network");
    expect(graph.outputs).toEqual({ environment: "local", password: "[secret]", vpc: "[unknown]" });
  });

  it("is the rules' groups and the routing as their own servers read them", () => {
    const rules = parse(readFileSync(join(out, "local/prometheus/rules/platform-sample.yaml"), "utf8"));
    expect(rules.groups[0].rules[1]).toMatchObject({ alert: "Sample0", for: "5m" });
    const routing = parse(readFileSync(join(out, "local/alertmanager/alertmanager.yaml"), "utf8"));
    expect(routing.route.receiver).toBe("local-sink");
  });
});

describe("a preview", () => {
  it("leaves the same bytes for the same input, whichever environments are asked for", async () => {
    const stacks = { local: stackText("local"), dev: stackText("dev") };
    const first = contents((await run(stacks)).out);
    const second = contents((await run(stacks)).out);
    expect(second).toEqual(first);
    expect(contents((await run(stacks, {}, ["local"])).out)).toEqual(first);
  });

  it("leaves no file of an earlier preview, and no folder but the environments'", async () => {
    const { out } = await run({ local: stackText("local") });
    writeFileSync(join(out, "local/manifests/stale.yaml"), "stale");
    await run({});
    expect(existsSync(join(out, "local/manifests/stale.yaml"))).toBe(false);
    expect(readdirSync(out)).toEqual(["local"]);
  });

  it("shows no secret that is set, neither its cipher text nor its placeholder", async () => {
    const text = `${stackText("local")}  bellwether:grafanaAdminPassword:\n    secure: v1:sEcReTcIpHeR\n`;
    const { out, previewed } = await run({ local: text });
    const all = [...contents(out).values()].join("\n");
    expect(all).not.toContain("sEcReTcIpHeR");
    expect(all).not.toContain("placeholder-for");
    expect(previewed[0]?.report.secrets).toMatchObject([
      { name: "grafanaAdminPassword", set: true },
      { name: "grafanaSecretKey", set: false },
    ]);
  });

  it("lists the secrets that are not set, each with the command that sets it", async () => {
    const { previewed } = await run({ prod: stackText("prod") });
    const commands = previewed[0]?.report.secrets.map(({ command }) => command);
    expect(commands).toContain("pulumi config set --secret bellwether:smtpPassword --stack prod");
    expect(commands).toHaveLength(7);
  });

  it("fails as a defect, and writes nothing, where a component would render a secret", async () => {
    await expect(run({ local: stackText("local") }, { careless: true })).rejects.toThrow(
      "a secret of local would be in",
    );
    expect(existsSync(join(current?.outFolder ?? "", "local"))).toBe(false);
  });
});

describe("an environment with mistakes", () => {
  it("loses its old preview, while the others are written", async () => {
    current = workspace({
      local: stackText("local"),
      dev: stackText("dev", ["tier: development", "tier: develpment"]),
    });
    mkdirSync(join(current.outFolder, "dev"), { recursive: true });
    writeFileSync(join(current.outFolder, "dev/report.html"), "old");
    const { out, previewed, mistaken } = await run({});
    expect(readdirSync(out)).toEqual(["local"]);
    expect(previewed.map(({ stack }) => stack)).toEqual(["local"]);
    expect(mistaken[0]?.problems[0]).toMatchObject({ path: "environment.tier", fix: "write development" });
  });

  it("is refused for a secret in plain text, which is not shown", async () => {
    const text = `${stackText("local")}  bellwether:grafanaAdminPassword: hunter2\n`;
    const { mistaken } = await run({ local: text });
    expect(mistaken[0]?.problems).toMatchObject([{ path: 'config["bellwether:grafanaAdminPassword"]' }]);
    expect(summary({ previewed: [], mistaken }, paintFor({}, {}), String)).not.toContain("hunter2");
  });

  it("is told with the number as it is written, where a version lacks its quotes", async () => {
    const { mistaken } = await run({ prod: stackText("prod", ['version: "1.35"', "version: 1.30"]) });
    const problem = mistaken[0]?.problems.find(({ path }) => path === "environment.cluster.version");
    expect(problem?.found).toMatch(/^1\.30, in line \d+$/);
    expect(problem?.fix).toContain('"1.30"');
  });

  it("does not exist, and those that do are named", async () => {
    const { mistaken } = await run({ local: stackText("local") }, {}, ["locl"]);
    expect(mistaken[0]?.problems).toMatchObject([{ found: "no such file", fix: "did you mean local?" }]);
  });
});

describe("what fails a preview", () => {
  it("is an alert of a team that does not exist, and out/ is written all the same", async () => {
    const { previewed, out } = await run(
      { local: stackText("local") },
      { alert: { severity: "critical", team: "ghosts" } },
    );
    const report = previewed[0]?.report;
    expect(report && passes(report)).toBe(false);
    expect(report?.outcome.routing).toEqual([
      expect.stringContaining(
        "Sample3 is critical and has the label team ghosts, which is no team of the environment",
      ),
    ]);
    expect(existsSync(join(out, "local/report.html"))).toBe(true);
  });

  it("is an alert without a severity", async () => {
    const { previewed } = await run({ local: stackText("local") }, { alert: { team: "platform" } });
    expect(previewed[0]?.report.outcome.routing).toEqual([expect.stringContaining("has no label severity")]);
  });

  it("is not an alert that is context for others", async () => {
    const { previewed } = await run({ local: stackText("local") }, { alert: { severity: "info" } });
    expect(previewed[0]?.report.outcome.routing).toEqual([]);
  });

  it("is a mandatory policy, named with what mends it", async () => {
    const { previewed, out } = await run({ local: stackText("local") }, { careful: false });
    const report = previewed[0]?.report;
    expect(report && passes(report)).toBe(false);
    const pinned = report?.policies.find(({ policy }) => policy === "pinned-image");
    expect(pinned).toMatchObject({ verdict: "violation", fix: expect.stringContaining("version") });
    const written = JSON.parse(readFileSync(join(out, "local/policies.json"), "utf8"));
    expect(written[0]).toMatchObject({
      pack: "bellwether",
      policy: expect.any(String),
      level: "mandatory",
      severity: expect.any(String),
      urn: expect.stringContaining("urn:pulumi:local::bellwether"),
      message: expect.any(String),
    });
  });
});

describe("the reports of hundreds of services", () => {
  const times = <T>(items: readonly T[], amount: number) =>
    Array.from({ length: amount }, () => items).flat();

  it("fit into a comment of GitHub, and say what they leave out", async () => {
    const { previewed } = await run({ local: stackText("local") });
    const [{ report } = { report: undefined }] = previewed;
    if (report === undefined) throw new Error("local is previewed");
    expect(renderMarkdown(report)).not.toContain("which report.html lists");
    const { alerts, dashboards } = report;
    const large = renderMarkdown({
      ...report,
      alerts: times(alerts, 3000),
      dashboards: times(dashboards, 1000),
    });
    expect(large.length).toBeLessThanOrEqual(60_000);
    const [, section = ""] = large.split(`Alerts (${3000 * alerts.length})`);
    const [table = ""] = section.split("</details>");
    expect(table).toContain("One row for each name");
    for (const { name, severity } of alerts) expect(table).toContain(`| ${name} | ${severity} | 3000 |`);
    expect(large).toMatch(/and \d+ more, which report\.html lists/);
  });

  it("name the dashboards that are not drawn", async () => {
    const { previewed } = await run({ local: stackText("local") });
    const [{ report } = { report: undefined }] = previewed;
    const [dashboard] = report?.dashboards ?? [];
    if (report === undefined || dashboard === undefined) throw new Error("local has a dashboard");
    const page = renderHtml({ ...report, dashboards: [dashboard, { ...dashboard, picture: undefined }] });
    expect(page.match(/class="group board"/g)).toHaveLength(1);
    expect(page).toMatch(/Sample &amp; more<\/a>, 1 panel: without a picture/);
  });
});

describe("what a terminal shows", () => {
  it("is one table without colours without a terminal", async () => {
    const result = await run({ local: stackText("local"), dev: stackText("dev") });
    const text = summary(result, paintFor({ isTTY: true }, { NO_COLOR: "1" }), String);
    expect(text).not.toContain("\u001b");
    expect(text).toMatch(/^ +local +dev$/m);
    expect(text).toMatch(/^Resources +10 +10$/m);
    expect(text).toMatch(/^Result +ready +ready$/m);
    expect(summary(result, paintFor({ isTTY: true }, {}), String)).toContain("\u001b");
  });
});
