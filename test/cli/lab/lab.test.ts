import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labPrograms } from "../../../cli/lab/programs.ts";
import { InvalidInputError, type Problem } from "../../../components/core/problems.ts";
import { VERSIONS } from "../../../components/core/versions.ts";
import { launchBrowser } from "../../support/browser.ts";
import { run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { overflow, violations } from "../report/pages.ts";

// The command as people run it, with the real Prometheus and Alertmanager and a real browser. A minute of production passes in a second.

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

let temporary: string;
let browser: Browser;
let path: string;
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "bellwether-lab-test-"));
  browser = await launchBrowser();
  const programs = await Promise.all([tool("prometheus"), tool("alertmanager")]);
  path = [...programs.map(dirname), process.env["PATH"]].join(delimiter);
});
afterAll(async () => {
  await browser?.close();
  rmSync(temporary, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

async function lab(...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, ["cli/bellwether.js", "lab", ...args], {
    cwd: ROOT,
    env: { ...process.env, PATH: path, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(text);
    return / at http:\S+/.test(text);
  }, 120);
  const url = / at (http:\S+)/.exec(text)?.[1] ?? "";
  return { child, url, printed: () => text, ended };
}

/** The processes that a process started, by their command lines. */
async function childrenOf(pid: number | undefined): Promise<readonly string[]> {
  const { stdout } = await run("ps", ["-A", "-o", "ppid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.trim().startsWith(`${pid} `))
    .filter((line) => /(?:prometheus|alertmanager) --config\.file/.test(line));
}

/** What a page is answered with that reaches the server by another name. */
function statusAs(host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

interface State {
  readonly trials: readonly { readonly measured?: number; readonly promised?: number }[];
  readonly heartbeat?: number;
}

describe("a lab of prod", () => {
  it("tells of an outage within the promised time and of its end, and leaves no process and no file", async () => {
    const { child, url, printed, ended } = await lab("prod", "--faster", "60");
    const state = async () => (await (await fetch(`${url}/state.json`)).json()) as State;
    try {
      expect(await childrenOf(child.pid)).toHaveLength(2);
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      await page.goto(url);
      // Objectives are there, and the heartbeat came: the rules are evaluated and the routes lead somewhere.
      await page.locator("#objectives td", { hasText: "storefront" }).first().waitFor();
      await page.locator("#heartbeat", { hasText: "s ago" }).waitFor();
      expect(await page.locator("#alerts td", { hasText: "firing" }).count()).toBe(0);

      const outage = page.locator('button[data-service="storefront"][data-fault="outage"]');
      await outage.click();
      const message = (status: string) =>
        page
          .locator("#messages figure", { hasText: `${status} SLOErrorBudgetBurnFast of storefront` })
          .first();
      await message("firing").waitFor({ timeout: 60_000 });
      expect(await outage.getAttribute("aria-pressed")).toBe("true");
      expect(await message("firing").innerText()).toContain("PagerDuty");
      const [trial] = (await state()).trials;
      expect(trial?.promised).toBeGreaterThan(60);
      // On a loaded machine a second more is a minute of production's.
      expect(trial?.measured).toBeLessThan((trial?.promised ?? 0) + 5 * 60);

      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflow(page), `${width} pixels`).toBe(0);
        expect(await violations(page), `${width} pixels`).toEqual([]);
      }

      await outage.click();
      await message("resolved").waitFor({ timeout: 90_000 });
      expect(await outage.getAttribute("aria-pressed")).toBe("false");
      expect(said).toEqual([]);
      await page.close();
    } finally {
      child.kill("SIGINT");
    }
    expect(await ended, printed()).toBe(0);
    expect(printed()).toContain("The lab is stopped, and its files are removed.");
    expect(readdirSync(temporary).filter((name) => name.startsWith("bellwether-lab-"))).toEqual([]);
    expect(await childrenOf(child.pid)).toEqual([]);
  });

  it("answers no page of another site: by another name, or without JSON", async () => {
    const { child, url, ended } = await lab("local", "--faster", "60");
    try {
      expect(await statusAs("lab.example.com", url)).toBe(421);
      expect(await statusAs(new URL(url).host, url)).toBe(200);
      const form = await fetch(`${url}/faults`, {
        method: "POST",
        body: '{"service":"storefront","fault":"outage"}',
      });
      expect(form.status).toBe(415);
      const unknown = await fetch(`${url}/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"service":"nobody","fault":"outage"}',
      });
      expect(unknown.status).toBe(404);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
  });
});

describe("the programs of a lab", () => {
  it("are those on PATH, if they are of the deployed versions", () => {
    const found = labPrograms({ PATH: path }, temporary);
    expect(found.prometheus).toMatchObject({ version: VERSIONS.prometheus, from: "PATH" });
    expect(found.alertmanager).toMatchObject({ version: VERSIONS.alertmanager, from: "PATH" });
  });

  it("are named with their versions, all that are missing or of another version", () => {
    const older = join(temporary, "older");
    mkdirSync(older);
    writeFileSync(
      join(older, "prometheus"),
      '#!/bin/sh\necho "prometheus, version 2.55.1 (branch: HEAD)"\n',
      {
        mode: 0o755,
      },
    );
    const problems = (): readonly Problem[] => {
      try {
        labPrograms({ PATH: `${older}${delimiter}/bin` }, temporary);
      } catch (error) {
        if (error instanceof InvalidInputError) return error.problems;
        throw error;
      }
      return [];
    };
    expect(problems().map(({ found, allowed }) => [found, allowed])).toEqual([
      ["prometheus 2.55.1", `prometheus ${VERSIONS.prometheus}, which is deployed`],
      ["no alertmanager", `alertmanager ${VERSIONS.alertmanager}, which is deployed`],
    ]);
  });
});
