import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Drawings } from "../../../cli/pictures/drawings.ts";
import { grouped } from "../../../cli/review/change.ts";
import { dashboardChanges } from "../../../cli/review/dashboards.ts";
import { reviewHtml } from "../../../cli/review/html.ts";
import type { EnvironmentModel } from "../../../cli/review/model.ts";
import { type Answered, MOST_PANELS, picturesOf } from "../../../cli/review/pictures.ts";
import { readModel } from "../../../cli/review/read.ts";
import { reviewOf } from "../../../cli/review/review.ts";
import { launchBrowser } from "../../support/browser.ts";
import { overflow, unfold, violations, visit } from "../report/pages.ts";

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly targets: readonly { readonly expr: string }[];
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
}
type Board = Readonly<Record<string, unknown>> & { readonly panels: readonly Panel[] };
type Edit = (panel: Panel, uid: string) => Panel | readonly Panel[];

// The model of prod as the tests' preview wrote it, with one dashboard edited: its panels were recorded.
const UID = "bellwether-service-storefront-prod";
let prod: EnvironmentModel;
const folder = mkdtempSync(join(tmpdir(), "bellwether-review-pictures-"));
beforeAll(() => {
  prod = readModel(join(inject("previews"), "prod"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function edited(edit: Edit, uids: readonly string[]): EnvironmentModel {
  const boards = uids.map((uid) => {
    const board = prod.dashboards[uid] as Board;
    const panels = board.panels.flatMap((panel) => (panel.type === "row" ? panel : edit(panel, uid)));
    return [uid, { ...board, panels }] as const;
  });
  return { ...prod, dashboards: { ...prod.dashboards, ...Object.fromEntries(boards) } };
}

/** The first panel of a kind on the dashboard. */
function first(type: string): Panel {
  const found = (prod.dashboards[UID] as Board).panels.find((panel) => panel.type === type);
  if (found === undefined) throw new Error(`the dashboard has no ${type}`);
  return found;
}

async function reviewed(edit: Edit, answered: Answered = "before", uids: readonly string[] = [UID]) {
  const after = edited(edit, uids);
  const changes = dashboardChanges(prod, after, new Set());
  const all = grouped([{ environment: "prod", tier: "production", changes }]);
  const sides = new Map([["prod", { before: prod, after }]]);
  return { changes: all, pictures: await picturesOf(all, sides, answered, new Drawings(undefined)) };
}

/** The only panel that changes. */
async function drawnOf(edit: Edit, answered?: Answered) {
  const { pictures } = await reviewed(edit, answered);
  const drawn = [...(pictures?.ofChange.values() ?? [])].flatMap((each) => each.drawn);
  expect(drawn).toHaveLength(1);
  return drawn[0];
}

const only =
  (id: number, change: (panel: Panel) => Panel | readonly Panel[]): Edit =>
  (panel) =>
    panel.id === id ? change(panel) : panel;
const withUnit = (panel: Panel, unit: string): Panel => ({
  ...panel,
  fieldConfig: { ...panel.fieldConfig, defaults: { ...panel.fieldConfig.defaults, unit } },
});
const withQuery = (panel: Panel, of: (expr: string) => string): Panel => ({
  ...panel,
  targets: panel.targets.map((target) => ({ ...target, expr: of(target.expr) })),
});

const SECONDS = /The recorded data does not answer this query/;

describe("a panel that changes", () => {
  it("is drawn before and after from the same data if its queries stay", async () => {
    const { id } = first("timeseries");
    const drawn = await drawnOf(only(id, (panel) => withUnit(panel, "bytes")));
    expect(drawn?.before).toMatchObject({ kind: "chart" });
    expect(drawn?.after).toMatchObject({ kind: "chart" });
    expect(drawn?.after).not.toEqual(drawn?.before);
    expect(JSON.stringify(drawn?.after)).toMatch(/\d B%3C/);
    expect(JSON.stringify(drawn?.before)).not.toMatch(/\d B%3C/);
  });

  it("is drawn on both sides if only the layout of a query changes with it", async () => {
    const { id } = first("timeseries");
    const drawn = await drawnOf(
      only(id, (panel) => withQuery(withUnit(panel, "bytes"), (expr) => `( ${expr} )`)),
    );
    expect(drawn?.after).toMatchObject({ kind: "chart" });
  });

  it.each([
    ["before", "chart", "words"],
    ["after", "words", "chart"],
    ["neither", "words", "words"],
  ] as const)(
    "with another query is drawn only where the recorded data answers it (%s)",
    async (answered, before, after) => {
      const { id } = first("timeseries");
      const drawn = await drawnOf(
        only(id, (panel) => withQuery(panel, (expr) => `2 * (${expr})`)),
        answered,
      );
      for (const [side, kind] of [
        [drawn?.before, before],
        [drawn?.after, after],
      ] as const)
        if (kind === "words") expect(side).toMatch(SECONDS);
        else expect(side).toMatchObject({ kind });
    },
  );

  it("has one side if it is removed or new", async () => {
    const { id } = first("stat");
    const removed = await drawnOf(only(id, () => []));
    expect(removed?.before).toMatchObject({ kind: "numbers" });
    expect(removed?.after).toBeUndefined();
    const added = await drawnOf(only(id, (panel) => [panel, { ...panel, id: 1, title: "Another one" }]));
    expect(added?.before).toBeUndefined();
    expect(added?.after).toBe("No recorded data answers the query of this panel.");
  });

  it("of a type that is not drawn says so", async () => {
    const { id } = first("stat");
    const drawn = await drawnOf(only(id, (panel) => ({ ...panel, type: "gauge" })));
    expect(drawn?.before).toMatchObject({ kind: "numbers" });
    expect(drawn?.after).toBe("A review does not draw panels of this type.");
  });

  it("of more than twelve is named and not drawn", async () => {
    const { changes, pictures } = await reviewed(
      (panel) => withUnit(panel, "bytes"),
      "before",
      Object.keys(prod.dashboards),
    );
    const all = changes.flatMap(({ panels }) => panels.map(({ about }) => about));
    expect(all.length).toBeGreaterThan(MOST_PANELS);
    const found = [...(pictures?.ofChange.values() ?? [])];
    expect(found.flatMap(({ drawn }) => drawn)).toHaveLength(MOST_PANELS);
    expect(found.flatMap(({ drawn, undrawn }) => [...drawn.map(({ about }) => about), ...undrawn])).toEqual(
      all,
    );
  });

  it("is none if panels stay as they are: then there are no pictures", async () => {
    expect((await reviewed((panel) => panel)).pictures).toBeUndefined();
  });
});

const SLOW = { timeout: 120_000 };
// Text that would break out of a page that escapes nothing, and a word that no line has room for.
const HOSTILE = `</script><img src=x onerror="document.title='owned'"> ${"long".repeat(200)}`;

describe("the page of a review with pictures", SLOW, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
    const long = (expr: string) =>
      `${expr} + ${Array.from({ length: 60 }, () => `sum(${"x".repeat(70)})`).join(" + ")}`;
    const edit: Edit = (panel) => {
      if (panel.type === "table") return [];
      if (panel.type === "stat") return withQuery(panel, long);
      if (panel.id === first("timeseries").id) return { ...panel, title: HOSTILE };
      return withUnit({ ...panel, description: HOSTILE }, "bytes");
    };
    const { changes, pictures } = await reviewed(edit);
    const compared = {
      environments: [{ name: "prod", state: "compared" as const, problem: null }],
      changes,
    };
    writeFileSync(
      join(folder, "review.html"),
      reviewHtml(
        reviewOf(`feature/${"x".repeat(300)}`, compared, [], () => null),
        pictures,
      ),
    );
  });
  afterAll(() => browser?.close());

  it.each([1280, 400])("fits %i pixels, folded and unfolded, and has its pictures", async (width) => {
    const { page, requests, messages } = await visit(browser, folder, { width, file: "review.html" });
    expect(await overflow(page)).toBe(0);
    await unfold(page);
    expect(await overflow(page)).toBe(0);
    expect(await page.locator(".sides figure img").count()).toBeGreaterThan(2);
    const sizes = await page
      .locator(".sides figure")
      .evaluateAll((figures) => figures.map((figure) => figure.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThan(60);
    expect(requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
    expect(messages).toEqual([]);
    await page.close();
  });

  it.each(["light", "dark"] as const)("is accessible in its %s colours", async (colorScheme) => {
    const { page } = await visit(browser, folder, { colorScheme, file: "review.html" });
    await unfold(page);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it("says in words why a panel has no picture, shows text as text, and names what is not drawn", async () => {
    const { page } = await visit(browser, folder, { file: "review.html" });
    const text = (await page.locator("#dashboards").textContent()) ?? "";
    expect(text).toContain("The recorded data does not answer this query");
    expect(text).toContain("Without a picture, because a review draws 12 panels at most");
    expect(text).toContain("</script><img src=x");
    expect(text).toMatch(/^\s*Dashboards\s*Recorded on \d{4}-\d\d-\d\d/);
    expect(await page.title()).not.toBe("owned");
    await page.close();
  });
});
