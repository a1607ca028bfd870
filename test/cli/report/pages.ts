import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";

// Reports in a real browser.

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** A page and what it asked for and said while it loaded. */
export interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly messages: readonly string[];
}

export interface VisitOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  /** With its mark, such as `#alert-Watchdog`. */
  readonly hash?: string;
  readonly javaScriptEnabled?: boolean;
  /** Default: report.html. */
  readonly file?: string;
}

/** Opens the report in a folder of out/, 1280 pixels wide and light unless something else is said. */
export async function visit(browser: Browser, folder: string, options: VisitOptions = {}): Promise<Visit> {
  const {
    width = 1280,
    colorScheme = "light",
    hash = "",
    javaScriptEnabled = true,
    file = "report.html",
  } = options;
  const viewport = { width, height: 800 };
  const page = await browser.newPage({ viewport, colorScheme, javaScriptEnabled });
  const requests: string[] = [];
  const messages: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  await page.goto(pathToFileURL(join(folder, file)).href + hash);
  return { page, requests, messages };
}

/** Opens everything that is folded. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })");
}

/** By how many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** What axe-core finds. The page allows only its own script, so axe comes in through the debugger. */
export function violations(page: Page): Promise<readonly unknown[]> {
  return page.evaluate(
    `(async () => { ${readFileSync(AXE, "utf8")}; const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]); })()`,
  );
}
