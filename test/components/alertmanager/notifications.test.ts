import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { SETTINGS } from "./settings.ts";

interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const BURN: Alert = {
  status: "firing",
  labels: {
    alertname: "SLOErrorBudgetBurnFast",
    service: "storefront",
    severity: "critical",
    team: "shop",
  },
  annotations: {
    summary: "storefront fails 12% of its requests",
    description: "80% of the error budget is left & <less> every minute.",
    runbook_url: "https://example.com/runbooks/SLOErrorBudgetBurnFast.md",
    dashboard_url: "https://grafana.example.com/d/storefront",
  },
};

let amtool: string;
let folder: string;

beforeAll(async () => {
  amtool = await tool("amtool");
  folder = await mkdtemp(join(tmpdir(), "bellwether-notifications-"));
  await writeFile(
    join(folder, "bellwether.tmpl"),
    renderNotificationTemplates({ environment: "prod", externalUrl: true }),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the pairs that all alerts have in common are: what Alertmanager hands to a template as common. */
function common(maps: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...rest] = maps;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((map) => map[key] === value)),
  );
}

/** A text as Alertmanager would send it for these alerts. */
async function sent(
  template: string,
  alerts: readonly Alert[],
  type: "text" | "html" = "text",
  groupLabels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const data = {
    receiver: "shop-pager",
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    externalURL: "https://alertmanager.example.com",
    groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    alerts: alerts.map((alert) => ({ ...alert, startsAt: "2026-03-01T04:05:06Z" })),
  };
  const file = join(folder, "data.json");
  await writeFile(file, JSON.stringify(data));
  const { code, stdout, stderr } = await run(amtool, [
    "template",
    "render",
    `--template.glob=${join(folder, "bellwether.tmpl")}`,
    `--template.text={{ template "bellwether.${template}" . }}`,
    `--template.data=${file}`,
    `--template.type=${type}`,
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

describe("the title of a notification", () => {
  it("says where, how loud, what and whose", async () => {
    expect(await sent("title", [BURN])).toBe("[prod] CRITICAL SLOErrorBudgetBurnFast storefront");
  });

  it("counts the alerts of a group", async () => {
    expect(await sent("title", [BURN, { ...BURN, labels: { ...BURN.labels, pod: "b" } }])).toBe(
      "[prod] CRITICAL SLOErrorBudgetBurnFast storefront (2 alerts)",
    );
  });

  it("falls back to the namespace, and copes with alerts that have nothing in common", async () => {
    const { service: _, ...labels } = BURN.labels;
    expect(await sent("title", [{ ...BURN, labels: { ...labels, namespace: "payments" } }])).toBe(
      "[prod] CRITICAL SLOErrorBudgetBurnFast payments",
    );
    expect(
      await sent("title", [BURN, { ...BURN, labels: { alertname: "Other", severity: "warning" } }]),
    ).toBe("[prod] ALERT several alerts (2 alerts)");
  });

  it("says when it is over", async () => {
    expect(await sent("title", [{ ...BURN, status: "resolved" }])).toBe(
      "[prod] RESOLVED SLOErrorBudgetBurnFast storefront",
    );
  });
});

describe("the text of a notification", () => {
  it("gives each alert its summary, meaning, links and labels", async () => {
    const text = await sent("text", [BURN, { ...BURN, status: "resolved" }]);
    expect(text).toContain("storefront fails 12% of its requests\n80% of the error budget");
    expect(text).toContain("Runbook: https://example.com/runbooks/SLOErrorBudgetBurnFast.md");
    expect(text).toContain("Dashboard: https://grafana.example.com/d/storefront");
    expect(text).toContain("Since: 2026-03-01 04:05:06 UTC");
    expect(text).toContain("service=storefront");
    expect(text).toContain("Resolved: storefront fails");
  });

  it("leaves out what an alert does not have", async () => {
    const text = await sent("text", [{ ...BURN, annotations: { summary: "something is wrong" } }]);
    expect(text).not.toMatch(/Runbook|Dashboard|no value/);
  });

  it("links in Slack's own form", async () => {
    const text = await sent("slack.text", [BURN]);
    expect(text).toContain("*storefront fails 12% of its requests*");
    expect(text).toContain("<https://example.com/runbooks/SLOErrorBudgetBurnFast.md|Runbook>");
  });

  it("escapes in a mail what is no markup", async () => {
    const html = await sent("email.html", [BURN], "html");
    expect(html).toContain("is left &amp; &lt;less&gt; every minute");
    expect(html).toContain('<a href="https://grafana.example.com/d/storefront">Dashboard</a>');
  });
});

describe("the link to all alerts of a group", () => {
  const GROUP = { alertname: "Odd", namespace: 'a "b" & c' };
  const FILTER = `{alertname="Odd",namespace="a \\"b\\" & c"}`;

  it("filters Alertmanager's page by the labels of the group", async () => {
    const url = async (template: string, type: "text" | "html", pattern: RegExp) =>
      new URL((pattern.exec(await sent(template, [BURN], type, GROUP)) ?? [])[1] ?? "");
    for (const found of [
      await url("list", "text", /^All alerts: (\S+)$/),
      await url("slack.list", "text", /^<(\S+)\|All alerts>$/),
      await url("email.list", "html", /^<a href="(\S+)">All alerts<\/a>$/),
    ]) {
      expect(found.origin).toBe("https://alertmanager.example.com");
      const [page, filter = ""] = found.hash.split("?filter=");
      expect(page).toBe("#/alerts");
      expect(filter).toMatch(/^[\w%.~-]+$/);
      expect(decodeURIComponent(filter)).toBe(FILTER);
    }
  });
});

describe("what receivers ask of the templates", () => {
  it("is defined, every one of it", () => {
    const used = renderAlertmanagerConfig(SETTINGS, "prod").matchAll(
      /template \\?"(bellwether\.[\w.]+)\\?"/g,
    );
    const defined = renderNotificationTemplates({ environment: "prod", externalUrl: true });
    const names = new Set([...used].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(defined).toContain(`{{ define "${name}"`);
  });

  it("has a severity that PagerDuty knows, even for an alert without one", async () => {
    expect(await sent("pagerduty.severity", [BURN])).toBe("critical");
    for (const severity of [{}, { severity: "none" }, { severity: "critical!" }] as Record<string, string>[])
      expect(await sent("pagerduty.severity", [{ ...BURN, labels: { alertname: "Odd", ...severity } }])).toBe(
        "error",
      );
  });
});
