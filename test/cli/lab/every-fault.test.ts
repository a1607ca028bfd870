import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLUSTER, CLUSTER_FAULTS, FAULTS } from "../../../cli/lab/faults.ts";
import { launchBrowser } from "../../support/browser.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";
import { labPath, type Started, startedLab } from "./started.ts";

// Each fault as people switch it, in a browser: on, until its message is there, and off, until the message says that it is over. A minute of
// production passes in a second, so that a second of the machine's own is a minute.

const FASTER = 60;
const MINUTE = 60_000;
const ALL = [...FAULTS, ...CLUSTER_FAULTS];
/** Seconds that the machine may take beside what is promised. */
const OWN = 6;

/**
 * Where each fault is tried, and the receiver of its message in production. A second alert of one group waits for the group: what is promised is the
 * first message of a service, of an outage in lab.test.ts.
 */
const EXPECTED: Readonly<Record<string, readonly [of: string, receiver: string]>> = {
  "no-pods": ["storefront", "shop-pager"],
  unclassified: ["storefront", "shop-chat"],
  outage: ["storefront", "shop-pager"],
  slow: ["pricing", "shop-pager"],
  deployment: ["pricing", "shop-pager"],
  errors: ["invoices", "shop-chat"],
  silence: ["help-pages", "shop-chat"],
  // The page about a zone inhibits the alerts about single nodes.
  node: [CLUSTER, "platform-chat"],
  zone: [CLUSTER, "platform-pager"],
};

interface Trial {
  readonly fault: string;
  readonly promised?: number;
  readonly measured?: number;
}

let temporary: string;
let browser: Browser;
let lab: Started;
const rows: string[][] = [];

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "bellwether-lab-test-"));
  browser = await launchBrowser();
  lab = await startedLab({ path: await labPath(), temporary }, "prod", "--faster", String(FASTER));
  await until(async () => (await state()).isWell, 120);
});
afterAll(async () => {
  console.log(table(["fault", "of", "alert", "to", "promised, s", "measured, s"], rows));
  await browser?.close();
  lab?.child.kill("SIGINT");
  await lab?.ended;
  rmSync(temporary, { recursive: true, force: true });
});

async function state(): Promise<{ readonly isWell: boolean; readonly trials: readonly Trial[] }> {
  return (await (await fetch(`${lab.url}/state.json`)).json()) as Awaited<ReturnType<typeof state>>;
}

async function trialOf(fault: string): Promise<Trial | undefined> {
  const state = (await (await fetch(`${lab.url}/state.json`)).json()) as {
    readonly trials: readonly Trial[];
  };
  return state.trials.findLast((each) => each.fault === fault);
}

/** Switches a fault on, waits for its message, and switches it off. What is returned waits for the message of its end. */
async function tried(
  { id, alert, title }: (typeof ALL)[number],
  isFirst: boolean,
): Promise<{ readonly end: Promise<void> }> {
  const [of, receiver] = EXPECTED[id] ?? [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(lab.url);
  const button = page.locator(`button[data-service="${of}"][data-fault="${id}"]`);
  await button.click();
  await until(async () => (await trialOf(id))?.measured !== undefined, 500);
  const message = (status: string) =>
    page
      .locator("#messages figcaption", { hasText: status })
      .filter({ hasText: alert })
      .filter({ hasText: of === CLUSTER ? "" : `of ${of} to` })
      .first();
  const said = await message("firing").innerText();
  const { promised, measured = 0 } = (await trialOf(id)) ?? {};
  rows.push([title, of ?? "", alert, receiver ?? "", promised?.toFixed() ?? "", measured.toFixed()]);
  expect(said).toContain(`to ${receiver} at`);
  if (promised !== undefined && isFirst) expect(measured, title).toBeLessThan(promised + OWN * FASTER);
  await button.click();
  const over = message("resolved").waitFor({ timeout: 15 * MINUTE });
  return { end: over.then(() => page.close()) };
}

describe("each fault of a lab of prod", () => {
  it("is one of those that are tried", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(ALL.map(({ id }) => id).sort());
  });

  it("reaches its receiver within the promised time, and ends", { timeout: 20 * MINUTE }, async () => {
    const ends: Promise<unknown>[] = [];
    // Those of one service one after the other: it has one fault at a time.
    const oneByOne = async (of: string) => {
      let isFirst = true;
      for (const [id, [place]] of Object.entries(EXPECTED)) {
        const fault = ALL.find((each) => each.id === id);
        if (place !== of || fault === undefined) continue;
        const { end } = await tried(fault, isFirst);
        ends.push(end.catch((error: unknown) => error));
        isFirst = of === CLUSTER;
      }
    };
    await Promise.all(["storefront", "pricing", "invoices", "help-pages"].map(oneByOne));
    // The loss of a zone makes every service fail for a while.
    await oneByOne(CLUSTER);
    expect(ends).toHaveLength(ALL.length);
    // As long as the window of an alert that is over: six hours, which are six minutes here.
    expect((await Promise.all(ends)).filter((end) => end !== undefined)).toEqual([]);
  });
});
