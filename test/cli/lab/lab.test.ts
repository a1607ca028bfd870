import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labPrograms } from "../../../cli/lab/programs.ts";
import { InvalidInputError, type Problem } from "../../../components/core/problems.ts";
import { VERSIONS } from "../../../components/core/versions.ts";
import { launchBrowser } from "../../support/browser.ts";
import { until } from "../../support/servers.ts";
import { overflow, violations } from "../report/pages.ts";
import { childrenOf, labPath, memoryOf, startedLab } from "./started.ts";

// The command as people run it, with the real Prometheus and Alertmanager and a real browser. A minute of production passes in a second.

let temporary: string;
let browser: Browser;
let path: string;
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "bellwether-lab-test-"));
  browser = await launchBrowser();
  path = await labPath();
});
afterAll(async () => {
  await browser?.close();
  rmSync(temporary, { recursive: true, force: true });
});

/** What a page is answered with that reaches the server by another name. */
function statusAs(host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

const lab = (...args: readonly string[]) => startedLab({ path, temporary }, ...args);

/** MiB that a lab may use, and seconds that its start may take. */
const MOST = { memory: 600, start: 20 };

interface State {
  readonly trials: readonly { readonly measured?: number; readonly promised?: number }[];
  readonly heartbeat?: number;
  readonly isWell: boolean;
}

describe("a lab of prod", () => {
  it("tells of an outage within the promised time and of its end, and leaves no process and no file", async () => {
    const { child, url, after, printed, ended } = await lab("prod", "--faster", "60");
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

      await until(async () => (await state()).isWell, 120);
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

      // Its dashboard is drawn from what Prometheus has: lines, and not only frames.
      const board = page.locator("details.board", { hasText: "storefront" }).first();
      await board.locator("summary").click();
      await board.locator("img").first().waitFor();
      expect(await board.locator("img").count()).toBeGreaterThan(2);
      expect(await board.locator(".figure.bad").count()).toBeGreaterThan(0);

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
      const memory = await memoryOf(child.pid);
      console.log(`the lab started in ${after.toFixed(1)} s and uses ${memory.toFixed()} MiB`);
      expect(after).toBeLessThan(MOST.start);
      expect(memory).toBeGreaterThan(100);
      expect(memory).toBeLessThan(MOST.memory);
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

describe("a game day", () => {
  it("switches its faults, and leaves a debrief with what was noticed when, by which message", async () => {
    const debrief = join(temporary, "game-day.md");
    const args = ["--faster", "60", "--scenario", "bad-deployment", "--debrief", debrief];
    const { child, url, printed, ended } = await lab("prod", ...args);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(url);
      await page.locator("#game-day td", { hasText: "done" }).first().waitFor({ timeout: 120_000 });
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflow(page), `${width} pixels`).toBe(0);
        expect(await violations(page), `${width} pixels`).toEqual([]);
      }
      await until(async () => printed().includes("The debrief of the game day is"), 120);
    } finally {
      child.kill("SIGINT");
    }
    expect(await ended, printed()).toBe(0);
    const text = readFileSync(debrief, "utf8");
    expect(text).toMatch(/^# Game day: bad deployment, prod\n/);
    expect(text).toMatch(/^\| 00:00 \| on \| Bad deployment \| storefront \|/m);
    expect(text).toMatch(/^\| 20:00 \| off \| Bad deployment \| storefront \|/m);
    expect(text).toMatch(
      /^\| Bad deployment \| storefront \| `SLOErrorBudgetBurnFast` \| \d\d:\d\d \| \d\d:\d\d \|/m,
    );
    expect(text).toMatch(/^1 page to shop-pager\.$/m);
    expect(text).toMatch(
      /^\| `KubePodCrashLooping` \| storefront-2 \| warning \| \d\d:\d\d \| \d\d:\d\d \|/m,
    );
    // A third of the requests for 20 minutes, of which one in a thousand may fail in 30 days: 15.4%.
    const [, spent = ""] = /^\| storefront \| availability \| 99.9% \| ([\d.]+)% \|$/m.exec(text) ?? [];
    expect(Number(spent)).toBeGreaterThan(15);
    expect(Number(spent)).toBeLessThan(17);
    expect(text).toMatch(/^\| time to detect \| \d+[ms]/m);
    expect(text).toContain("This review is about the system and not about people.");
    expect(text).not.toContain("It was stopped at");
  });

  it("that is stopped before its end has a debrief that says so", async () => {
    const debrief = join(temporary, "stopped.md");
    const { child, url, ended } = await lab("local", "--scenario", "zone-loss", "--debrief", debrief);
    const state = async () => (await (await fetch(`${url}/state.json`)).json()) as State;
    try {
      await until(async () => (await state()).trials.length > 0, 120);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
    const text = readFileSync(debrief, "utf8");
    expect(text).toMatch(/\*\*It was stopped at \d\d:\d\d, before its end at 40m\.\*\*/);
    expect(text).toContain("`KubeNodesNotReady` is in no message");
  });
});

describe("the programs of a lab", () => {
  it("are built where they are missing and Go is there", async () => {
    const builds = join(temporary, "builds");
    const bin = join(temporary, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "go"), "#!/bin/sh\n", { mode: 0o755 });
    const asked: string[][] = [];
    const build = async (names: readonly string[]) => {
      asked.push([...names]);
      mkdirSync(join(builds, `prometheus-${VERSIONS.prometheus}-1`), { recursive: true });
      mkdirSync(join(builds, `alertmanager-${VERSIONS.alertmanager}-1`), { recursive: true });
      return true;
    };
    const found = await labPrograms({ env: { PATH: bin }, builds, build });
    expect(asked).toEqual([["prometheus", "alertmanager"]]);
    expect(found.prometheus).toMatchObject({ version: VERSIONS.prometheus, from: "a build with Go" });
    await expect(labPrograms({ env: { PATH: "/nowhere" }, builds: temporary, build })).rejects.toThrow(
      "no prometheus",
    );
    expect(asked).toHaveLength(1);
  });

  it("are those on PATH, if they are of the deployed versions", async () => {
    const found = await labPrograms({ env: { PATH: path }, builds: temporary });
    expect(found.prometheus).toMatchObject({ version: VERSIONS.prometheus, from: "PATH" });
    expect(found.alertmanager).toMatchObject({ version: VERSIONS.alertmanager, from: "PATH" });
  });

  it("are named with their versions, all that are missing or of another version", async () => {
    const older = join(temporary, "older");
    mkdirSync(older);
    writeFileSync(
      join(older, "prometheus"),
      '#!/bin/sh\necho "prometheus, version 2.55.1 (branch: HEAD)"\n',
      {
        mode: 0o755,
      },
    );
    const problems = async (): Promise<readonly Problem[]> => {
      try {
        await labPrograms({ env: { PATH: `${older}${delimiter}/bin` }, builds: temporary });
      } catch (error) {
        if (error instanceof InvalidInputError) return error.problems;
        throw error;
      }
      return [];
    };
    expect((await problems()).map(({ found, allowed }) => [found, allowed])).toEqual([
      ["prometheus 2.55.1", `prometheus ${VERSIONS.prometheus}, which is deployed`],
      ["no alertmanager", `alertmanager ${VERSIONS.alertmanager}, which is deployed`],
    ]);
  });
});
