import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launchBrowser } from "../support/browser.ts";
import { run } from "../support/process.ts";

// npm run pictures: makes the README's pictures anew, from the preview of production.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "docs", "pictures");
const WIDTH = 1100;

/** Opens the page's parts, and waits for the pictures in them, which load when they are scrolled to. */
const OPEN = `(async () => {
  for (const each of document.querySelectorAll("details")) each.open = each.querySelector("h3, .board") !== null;
  for (const each of document.images) each.loading = "eager";
  await Promise.all([...document.images].map((each) => each.decode().catch(() => undefined)));
})()`;

const out = mkdtempSync(join(tmpdir(), "bellwether-pictures-"));
try {
  const args = ["--import", "tsx", join(ROOT, "cli", "main.ts"), "preview", "prod", "--out", out];
  const { code, stderr } = await run(process.execPath, args);
  if (code !== 0) throw new Error(`the preview of prod ended with ${code}\n${stderr}`);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 700 }, colorScheme: "light" });
    await page.goto(pathToFileURL(join(out, "prod", "report.html")).href);
    // The alerts, with one of the first rows unfolded: its condition, its receiver and its runbook.
    await page.evaluate(`document.getElementById("alert-CoreDNSDown").open = true`);
    await page.evaluate(`document.querySelector(".to-top").hidden = true`);
    await page.evaluate(`document.getElementById("alerts").scrollIntoView()`);
    await page.screenshot({ path: join(FOLDER, "report.png") });
    // The service whose rollout goes wrong in the recorded hour.
    const board = page.locator("details.board", {
      has: page.locator("h3", { hasText: "Service storefront (" }),
    });
    await page.evaluate(OPEN);
    await board.screenshot({ path: join(FOLDER, "dashboard.png") });
  } finally {
    await browser.close();
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
