import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { alertCount, alertRows } from "../../../cli/report/alerts.ts";
import { alertsInWords } from "../../../cli/report/sentences.ts";
import { routeAlerts } from "../../../cli/routing.ts";
import { SETTINGS } from "../../components/alertmanager/settings.ts";
import { files, graph } from "../../infra/previews.ts";
import { launchBrowser } from "../../support/browser.ts";
import { recordedAlert } from "../recorded-alert.ts";
import { type Visit, type VisitOptions, visit } from "./pages.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

const prod = (options?: VisitOptions): Promise<Visit> =>
  visit(browser, join(inject("previews"), "prod"), options);

/** The names of the rows that a reader sees, and whether each is unfolded. */
function rows({ page }: Visit): Promise<readonly { readonly name: string; readonly open: boolean }[]> {
  return page.evaluate(`[...document.querySelectorAll("details.alert")].filter((row) => row.checkVisibility())
    .map((row) => ({ name: row.dataset.name, open: row.open }))`);
}

const names = async (visited: Visit) => (await rows(visited)).map(({ name }) => name);
const status = ({ page }: Visit) => page.locator("#alert-filter output").textContent();

describe("the rows of alerts", () => {
  it("are folded when the page opens, with every alert among them", async () => {
    const visited = await prod();
    const all = await rows(visited);
    expect(all.filter(({ open }) => open)).toEqual([]);
    expect(all.map(({ name }) => name).sort()).toEqual([...ofPrometheus(), ...ofGrafana()].sort());
    await visited.page.close();
  });

  it("cut no name", async () => {
    for (const width of [1280, 400]) {
      const { page } = await prod({ width });
      const cut = await page.evaluate(`[...document.querySelectorAll(".alert-name")]
        .filter((name) => name.parentElement.scrollWidth > name.parentElement.clientWidth + 1).map((name) => name.textContent)`);
      expect(cut).toEqual([]);
      await page.close();
    }
  });

  it("can be read without the script, and then have no filter", async () => {
    const { page } = await prod({ javaScriptEnabled: false });
    expect(await page.locator("#alert-filter").isVisible()).toBe(false);
    await page.locator("#alert-KubeNodeNotReady summary").click();
    expect(await page.locator("#alert-KubeNodeNotReady pre").isVisible()).toBe(true);
    await page.close();
  });
});

describe("a search", () => {
  it("for an alert's name shows and unfolds it, and folds it again when the text is gone", async () => {
    const visited = await prod();
    const field = visited.page.getByLabel("Search");
    await field.fill("kubepodcrash");
    expect(await rows(visited)).toEqual([{ name: "KubePodCrashLooping", open: true }]);
    expect(await visited.page.locator("#alert-KubePodCrashLooping pre").isVisible()).toBe(true);
    expect(await status(visited)).toBe(`1 of ${await visited.page.locator("details.alert").count()} alerts`);
    await field.fill("");
    const all = await rows(visited);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ open }) => open)).toEqual([]);
    await visited.page.close();
  });

  it("for a metric shows the alerts whose condition has it, and hides the severities without one", async () => {
    const visited = await prod();
    await visited.page.getByLabel("Search").fill("node_filesystem_avail_bytes");
    const expected = rulesInFiles().filter(({ expr }) => expr.includes("node_filesystem_avail_bytes"));
    expect(expected.length).toBeGreaterThan(1);
    expect([...(await names(visited))].sort()).toEqual(expected.map(({ alert }) => alert).sort());
    expect(await visited.page.locator("#alerts .severity:visible .tag").allTextContents()).toEqual([
      "critical",
      "warning",
    ]);
    await visited.page.close();
  });

  it("says when it finds nothing, and Clear shows every alert again", async () => {
    const visited = await prod();
    await visited.page.getByLabel("Search").fill("no_such_metric");
    expect(await names(visited)).toEqual([]);
    expect(await status(visited)).toBe("No alert matches.");
    await visited.page.getByRole("button", { name: "Clear" }).click();
    await visited.page.waitForFunction("document.querySelector('#alert-filter output').textContent === ''");
    expect((await names(visited)).length).toBe(await visited.page.locator("details.alert").count());
    await visited.page.close();
  });
});

describe("the filter", () => {
  it("shows the alerts of one severity, team and receiver", async () => {
    const visited = await prod();
    const { page } = visited;
    await page.getByLabel("Severity").selectOption("critical");
    await page.getByLabel("Team").selectOption("shop");
    expect(new Set(await names(visited))).toEqual(
      new Set(["SLOErrorBudgetBurnFast", "ServiceHasNoAvailablePods"]),
    );
    await page.locator("#alert-filter select[name=receiver]").selectOption("platform-pager");
    expect(await names(visited)).toEqual([]);
    await page.getByLabel("Team").selectOption("");
    expect(await names(visited)).toContain("KubeAPIDown");
    expect(await names(visited)).not.toContain("SLOErrorBudgetBurnFast");
    await page.getByLabel("Severity").selectOption("");
    await page.locator("#alert-filter select[name=receiver]").selectOption("dead-mans-switch");
    expect(await names(visited)).toEqual(["Watchdog"]);
    await page.close();
  });
});

describe("a link to an alert", () => {
  it("opens its row, and the rows of all objectives for a name that they share", async () => {
    const one = await prod({ hash: "#alert-NodeCpuSaturated" });
    expect((await rows(one)).filter(({ open }) => open).map(({ name }) => name)).toEqual([
      "NodeCpuSaturated",
    ]);
    expect(await one.page.locator("#alert-NodeCpuSaturated pre").isVisible()).toBe(true);
    await one.page.close();
    const shared = await prod({ hash: "#alert-SLOSignalAbsent" });
    const open = (await rows(shared)).filter((row) => row.open);
    expect(open.length).toBeGreaterThan(1);
    expect(new Set(open.map(({ name }) => name))).toEqual(new Set(["SLOSignalAbsent"]));
    await shared.page.close();
  });

  it("shows a row that the filter hides", async () => {
    const visited = await prod();
    await visited.page.getByLabel("Severity").selectOption("info");
    await visited.page.evaluate("location.hash = '#alert-KubeAPIDown'");
    await visited.page.waitForFunction("document.getElementById('alert-KubeAPIDown').open");
    expect(await visited.page.locator("#alert-KubeAPIDown pre").isVisible()).toBe(true);
    await visited.page.close();
  });
});

describe("the height of the page", () => {
  it("is under 12 screens of 1280 by 800 pixels as it opens", async () => {
    const { page } = await prod();
    expect(await page.evaluate("document.documentElement.scrollHeight")).toBeLessThan(12 * 800);
    await page.close();
  });
});

describe("the count of alerts", () => {
  const alert = (name: string, labels: Readonly<Record<string, string>>) =>
    recordedAlert(name, { severity: "warning", team: "shop", ...labels });
  const rowsOf = (...alerts: readonly ReturnType<typeof alert>[]) =>
    alertRows(routeAlerts(alerts, SETTINGS, {}), SETTINGS);

  it("counts each rule, and says how many names they have", () => {
    const counted = alertCount(
      rowsOf(
        alert("Burning", { service: "a", slo: "latency" }),
        alert("Burning", { service: "a", slo: "availability" }),
        alert("Down", {}),
      ),
    );
    expect(counted).toEqual({ all: 3, prometheus: 3, grafana: 0, names: 2 });
    expect(alertsInWords(counted)).toBe(
      "3 alerts, each a rule of Prometheus. They have 2 names, because each objective has its own rules of the same names.",
    );
  });

  it("is the same in the terminal, report.html, report.md and the rows", async () => {
    const [prometheus, grafana] = [ofPrometheus().length, ofGrafana().length];
    const all = prometheus + grafana;
    const visited = await prod();
    expect(await rows(visited)).toHaveLength(all);
    const sentence = `${all} alerts: ${prometheus} rules of Prometheus and ${grafana} rules of Grafana.`;
    expect(await visited.page.locator("#alerts .intro").textContent()).toContain(sentence);
    expect(await visited.page.locator(".lede").textContent()).toContain(`${all} alerts`);
    const notified = await visited.page.locator("#routes .routes summary").allTextContents();
    // An alert about a workload is there once more for each team that owns namespaces.
    const once = notified.filter((text) => !text.includes("workloads in the namespace"));
    expect(once.length).toBeLessThan(notified.length);
    expect(once.reduce((sum, text) => sum + Number.parseInt(text, 10), 0)).toBe(all);
    const markdown = readFileSync(join(inject("previews"), "prod", "report.md"), "utf8");
    expect(markdown).toContain(sentence);
    expect(markdown).toContain(`<summary>Alerts (${all})</summary>`);
    await visited.page.close();
  });

  it("gives every row its own address", () => {
    const ids = rowsOf(
      alert("Burning", { service: "a", slo: "latency" }),
      alert("Burning", { service: "a", slo: "availability" }),
      alert("Down", {}),
      alert("Down", { severity: "critical" }),
    ).map(({ id }) => id);
    expect(ids).toEqual([
      "alert-Down",
      "alert-Burning-a-availability",
      "alert-Burning-a-latency",
      "alert-Down-2",
    ]);
  });
});

interface Rule {
  readonly alert?: string;
  readonly expr: string;
}

/** The alert rules of prod's rule files. */
function rulesInFiles(): readonly { readonly alert: string; readonly expr: string }[] {
  return Object.values(files("prod", "prometheus/rules"))
    .map((text) => parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] })
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap(({ alert, expr }) => (alert === undefined ? [] : [{ alert, expr }]));
}

const ofPrometheus = () => rulesInFiles().map(({ alert }) => alert);

/** The names of the rules that prod's Grafana evaluates. */
function ofGrafana(): readonly string[] {
  return graph("prod")
    .filter(({ type }) => type === "grafana:alerting/ruleGroup:RuleGroup")
    .flatMap(({ inputs }) => inputs.rules.map(({ name }: { readonly name: string }) => name));
}
