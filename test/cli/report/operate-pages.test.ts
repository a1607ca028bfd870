import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertReviewSchema } from "../../../cli/alert-review/result.ts";
import { alertReviewHtml, alertReviewMarkdown } from "../../../cli/alert-review/shown.ts";
import { sloReportHtml } from "../../../cli/slo-report/shown.ts";
import { launchBrowser } from "../../support/browser.ts";
import { ODD, REVIEW } from "../alert-review/sample-review.ts";
import { REPORT } from "../slo-report/sample-report.ts";
import { overflow, violations, visit } from "./pages.ts";

const PAGES = [["alert-review.html"], ["slo-report.html"]] as const;

describe("the pages of alert-review and slo-report", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-operate-pages-"));
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(join(folder, "alert-review.html"), alertReviewHtml(REVIEW));
    writeFileSync(join(folder, "slo-report.html"), sloReportHtml(REPORT));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(PAGES)(
    "%s fits 1280 and 400 pixels, asks nothing of the network and is accessible",
    async (file) => {
      for (const [width, colorScheme] of [
        [1280, "light"],
        [400, "dark"],
      ] as const) {
        const { page, requests, messages } = await visit(browser, folder, { width, colorScheme, file });
        expect(await overflow(page)).toBe(0);
        expect(await violations(page)).toEqual([]);
        expect(requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
        expect(messages).toEqual([]);
        await page.close();
      }
    },
  );

  it("show text as text", async () => {
    expect(alertReviewSchema.parse(REVIEW)).toEqual(REVIEW);
    const { page } = await visit(browser, folder, { file: "alert-review.html" });
    expect(await page.locator("#team-0").textContent()).toContain(ODD);
    await page.close();
    const [row = ""] = alertReviewMarkdown(REVIEW)
      .split("\n")
      .filter((line) => line.includes("critical |"));
    expect(row).toContain("&lt;script&gt;");
    expect(row.split(/(?<!\\)\|/)).toHaveLength(14);
  });

  it("say how a change would do, and what became of the last review", async () => {
    const { page } = await visit(browser, folder, { file: "alert-review.html" });
    const changes = (await page.locator("#changes").textContent()) ?? "";
    expect(changes).toContain("12 → 4");
    expect(changes).toContain("checkout fails → checkout fails, up to 8m30s later");
    expect(await page.locator("#teams").textContent()).toContain("2.8, was 7.0");
    await page.close();
  });

  it("say which objective is missed, which page was late, and what is not known", async () => {
    const { page } = await visit(browser, folder, { file: "slo-report.html" });
    const objective = (await page.locator(".objective").textContent()) ?? "";
    expect(objective).toContain("missed");
    expect(objective).toContain("130.0% of the budget spent");
    expect(objective).toContain("broken");
    expect(objective).toContain("not comparable: no step before it is above the limit");
    expect(objective).toContain("No page in hours in which one was due, from: 2026-10-09 02:00.");
    expect(await page.locator("#journeys").textContent()).toContain("gone availability × 1 not known");
    await page.close();
  });
});
