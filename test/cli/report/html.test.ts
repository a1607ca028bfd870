import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { preview } from "../../../cli/preview.ts";
import { launchBrowser } from "../../support/browser.ts";
import { samplePlatform, stackText, TODAY, type Workspace, workspace } from "../sample.ts";
import { overflow, unfold, type Visit, violations, visit as visitFolder } from "./pages.ts";

const WIDTHS = [1280, 400] as const;
// Text that would break out of a page that escapes nothing.
const HOSTILE = `</script><img src=x onerror="document.title='owned'"> & "quoted" {{ $labels.pod }}`;

let browser: Browser;
let files: Workspace;

/** Three reports: one that passes, one that is refused in every way, and one that stands alone. */
beforeAll(async () => {
  files = workspace({ local: stackText("local"), prod: stackText("prod") });
  const base = {
    environments: [],
    today: TODAY,
    stacksFolder: files.stacksFolder,
    progress: { step: () => undefined },
  };
  await preview(samplePlatform(), { ...base, outFolder: join(files.outFolder, "passing") });
  await preview(
    samplePlatform({ careful: false, alert: { severity: "critical", team: "ghosts" }, summary: HOSTILE }),
    { ...base, outFolder: join(files.outFolder, "refused") },
  );
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  files?.dispose();
});

function visit(report: string, width: number, colorScheme: "light" | "dark" = "light"): Promise<Visit> {
  const folder = report.startsWith(REAL) ? inject("previews") : files.outFolder;
  return visitFolder(browser, join(folder, report.replace(REAL, "")), { width, colorScheme });
}

/** Before the name of an environment: the repository's own, and no sample of it. */
const REAL = "own/";
const REPORTS = ["passing/local", "passing/prod", "refused/prod", `${REAL}local`, `${REAL}prod`];

// A page of 2 MB with hundreds of folded rows. Slow machines need their time.
const SLOW = { timeout: 240_000 };

describe.each(REPORTS)("the report of %s", SLOW, (report) => {
  it.each(WIDTHS)("fits %i pixels, folded and unfolded", async (width) => {
    const { page } = await visit(report, width);
    expect(await overflow(page)).toBe(0);
    await unfold(page);
    expect(await overflow(page)).toBe(0);
    await page.close();
  });

  it("loads nothing, and the browser reports nothing", async () => {
    const { page, requests, messages } = await visit(report, 1280);
    expect(requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
    expect(requests.filter((url) => url.startsWith("file:"))).toHaveLength(1);
    expect(messages).toEqual([]);
    await page.close();
  });

  it("has no heading without content", async () => {
    const { page } = await visit(report, 1280);
    const empty = await page.evaluate(`[...document.querySelectorAll("h1, h2, h3")].filter((heading) => {
      const home = heading.closest("details, section, .severity, header") ?? document.body;
      return heading.textContent.trim() === "" || home.textContent.replace(heading.textContent, "").trim() === "";
    }).map((heading) => heading.textContent)`);
    expect(empty).toEqual([]);
    await page.close();
  });

  it("has a target for each link to a place on the page", async () => {
    const { page } = await visit(report, 1280);
    const dead = await page.evaluate(
      `[...document.querySelectorAll("a[href^='#']")].filter(({ hash }) => document.querySelector(hash) === null).map(({ hash }) => hash)`,
    );
    expect(dead).toEqual([]);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "is accessible in its %s colours, wide and narrow, unfolded",
    async (scheme) => {
      for (const width of WIDTHS) {
        const { page } = await visit(report, width, scheme);
        await unfold(page);
        expect(await violations(page)).toEqual([]);
        await page.close();
      }
    },
    SLOW.timeout,
  );
});

describe("a report", SLOW, () => {
  it("says first whether the environment could be deployed", async () => {
    const passing = await visit("passing/prod", 1280);
    expect(await passing.page.textContent(".pill")).toBe("Ready when its secrets are set");
    const refused = await visit("refused/prod", 1280);
    expect(await refused.page.textContent(".pill")).toBe("Not ready to deploy");
    await Promise.all([passing.page.close(), refused.page.close()]);
  });

  it("shows text that looks like HTML as text", async () => {
    const { page } = await visit("refused/prod", 1280);
    expect(await page.title()).toContain("prod");
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator(".alerts").first().textContent()).toContain("</script><img src=x");
    await page.close();
  });

  it("counts a component's resources, and lists them when it is opened", async () => {
    const { page } = await visit("passing/prod", 1280);
    const network = page.locator("details.group", { hasText: "Network" });
    expect(await network.locator(".number").textContent()).toContain("3 · 1 protected");
    expect(await network.locator(".kinds").isVisible()).toBe(false);
    await network.locator("summary").click();
    expect(await network.locator(".kinds").isVisible()).toBe(true);
    expect(await network.locator("dd li").allTextContents()).toEqual([
      "network-a",
      "network-b",
      "network protected",
    ]);
    await page.close();
  });

  it("gives an alert's condition, for, receiver and runbook", async () => {
    const { page } = await visit("passing/prod", 1280);
    const row = page.locator("#alert-Sample0");
    expect(await row.locator("summary").innerText()).toMatch(
      /^Sample0\s+A target is down\.\s+for 5m\s+platform-pager$/,
    );
    expect(await row.locator(".inside").isVisible()).toBe(false);
    await row.locator("summary").click();
    const inside = await row.locator(".inside").innerText();
    expect(inside).toContain("up == 0");
    expect(inside).toContain("when the condition has been true for 5m");
    expect(inside).toContain("platform-pager (PagerDuty)");
    expect(await row.locator("a").first().getAttribute("href")).toBe(
      "https://example.com/runbooks/Sample0.md",
    );
    await page.close();
  });

  it("names the receivers of alerts, here and in every environment", async () => {
    const { page } = await visit("passing/prod", 1280);
    const [critical] = await page.locator(".routes tbody tr").allTextContents();
    expect(critical?.replace(/\s+/g, " ")).toContain(
      "critical platform 1 alert of platform, criticalSample0 platform-pager PagerDuty",
    );
    expect(await page.locator(".routes .names").first().isVisible()).toBe(false);
    await page.locator(".routes summary").first().click();
    expect(await page.locator(".routes .names").first().textContent()).toBe("Sample0");
    expect(await page.locator("#routes .compare thead th").allTextContents()).toEqual([
      "Team and severity",
      "local",
      "prod",
    ]);
    await page.close();
  });

  it("compares the environments in the settings in which they differ", async () => {
    const { page } = await visit("passing/prod", 1280);
    const heads = await page.locator("#differences .compare thead th").allTextContents();
    expect(heads).toEqual(["Setting", "local", "prod"]);
    const rows = await page
      .locator("#differences .compare tbody tr:not(.section)")
      .evaluateAll((trs) => trs.map((tr) => [...tr.querySelectorAll("td")].map((td) => td.textContent)));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(([local, prod]) => local === prod)).toEqual([]);
    await page.close();
  });
});
