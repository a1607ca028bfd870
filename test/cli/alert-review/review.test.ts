import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lastReview } from "../../../cli/alert-review/last.ts";
import { type AlertReview, alertReviewSchema } from "../../../cli/alert-review/result.ts";
import { alertReviewHtml, alertReviewMarkdown } from "../../../cli/alert-review/shown.ts";
import type { PrometheusWithHistory } from "../../support/prometheus.ts";
import { period } from "../review/replay/scenario.ts";
import { runHere } from "../surroundings.ts";
import { alerting, type Counted, counted, incidentsOf, numbersIn, numbersOf, reviewed } from "./scenario.ts";

// Half a day of history in a real Prometheus. `npm run test:operate:long` does the same with ninety days.

const DAYS = 0.5;

describe("a review of alerts over a real Prometheus", { timeout: 120_000 }, () => {
  let prometheus: PrometheusWithHistory;
  let all: readonly Counted[];
  let review: AlertReview;

  beforeAll(async () => {
    prometheus = await alerting(DAYS);
    all = await counted(prometheus, DAYS);
    review = await reviewed(prometheus, DAYS, { incidents: incidentsOf(all) });
  }, 120_000);
  afterAll(() => prometheus?.stop());

  const row = (name: string) => review.alerts.find((each) => each.name === name);
  const proposals = (about: string) => review.proposals.filter((each) => each.about === about);

  it("counts what each alert did as a count of every evaluation does", () => {
    const expected = numbersOf(all, incidentsOf(all).slice(0, 2));
    expect(Object.keys(expected).length).toBeGreaterThan(5);
    expect(numbersIn(review)).toEqual(expected);
    expect(all.some(({ isOpen }) => isOpen)).toBe(true);
    expect(review.alerts.filter(({ isFiring }) => isFiring).map(({ name }) => name)).toEqual(
      expect.arrayContaining([...new Set(all.filter(({ isOpen }) => isOpen).map(({ alert }) => alert))]),
    );
  });

  it("names the alerts that never fired, and those whose rule is gone, and not the heartbeat", () => {
    const never = review.alerts.filter(({ fired }) => fired === 0).map(({ name }) => name);
    expect(never.sort()).toEqual(["Blind", "CannotFire", "Gone", "Never"]);
    expect(row("Removed")).toMatchObject({ group: null });
    expect(row("Watchdog")).toBeUndefined();
  });

  it("says which incidents the alerts told of, and after how long", () => {
    expect(review.incidents.map(({ name, first }) => [name, first])).toEqual([
      ["the store stands still", { about: "DiskFull of store", seconds: 60 }],
      ["no invoices", null],
    ]);
    expect(row("DiskFull")?.incidents).toEqual(["the store stands still"]);
  });

  it("proposes to keep an alert firing that flaps, and the replay halves its firings", () => {
    const [proposal] = proposals("Jumpy");
    const fired = row("Jumpy")?.fired ?? 0;
    expect(proposal).toMatchObject({ kind: "lengthen", for: "0s" });
    expect(proposal?.replay.before.firings).toBe(fired);
    expect(proposal?.replay.after.firings).toBeLessThanOrEqual(fired / 2);
    expect(proposal?.replay.agreement).toBe(1);
  });

  it("leaves at most half of the firings of whatever is noisy, and no incident without its alert", () => {
    const noisy = review.proposals.filter(({ kind }) => kind === "lengthen" || kind === "raise");
    expect(noisy.length).toBeGreaterThan(1);
    for (const { replay, about } of noisy) {
      expect(2 * replay.after.firings, about).toBeLessThanOrEqual(replay.before.firings);
      expect(replay.after.incidents, about).toEqual(replay.before.incidents);
    }
  });

  it("proposes to lower the threshold of an alert that missed an incident of its service", () => {
    const [proposal, ...more] = proposals("Blind of billing");
    expect(more).toEqual([]);
    expect(proposal?.kind).toBe("lower");
    expect(proposal?.replay.before).toEqual({ firings: 0, atNight: 0, incidents: [] });
    expect(proposal?.replay.after.incidents).toEqual(["no invoices"]);
  });

  it("proposes nothing for an alert of an objective, and names it if it is noisy", () => {
    expect(row("Burning")?.fired).toBeGreaterThan(4);
    expect(proposals("Burning of web (availability)")).toEqual([]);
    expect(review.notes.join("\n")).toMatch(/follow from an objective: Burning of web \(availability\)\./);
  });

  it("proposes to delete what reads no series, and leaves alone what only never fired", () => {
    expect(proposals("CannotFire")).toMatchObject([{ kind: "delete" }]);
    expect([...proposals("Never"), ...proposals("Gone")]).toEqual([]);
  });

  it("adds up teams, and leaves out what notifies nobody", () => {
    const shop = review.teams.find(({ team }) => team === "shop");
    const own = all.filter(({ alert }) => ["DiskFull", "Jumpy", "Removed"].includes(alert));
    expect(shop).toMatchObject({
      alerts: 5,
      neverFired: 3,
      fired: own.length,
      pages: own.filter(({ severity }) => severity === "critical").length,
    });
  });

  it("compares with the last review", async () => {
    const { start, end } = period(DAYS);
    const folder = mkdtempSync(join(tmpdir(), "bellwether-alert-review-"));
    try {
      const file = join(folder, "last.json");
      writeFileSync(file, JSON.stringify(review));
      const next = await reviewed(prometheus, DAYS, { last: lastReview(file) });
      const jumpy = next.alerts.find(({ name }) => name === "Jumpy");
      const week = ((row("Jumpy")?.fired ?? 0) * 7 * 86_400) / (end - start);
      expect(jumpy?.before?.fired).toBe(row("Jumpy")?.fired);
      expect(jumpy?.before?.perWeek).toBeCloseTo(week, 1);
      writeFileSync(file, "[]");
      expect(() => lastReview(file)).toThrow(/--last[\s\S]*another document/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("writes the three files by command, and the JSON is of its schema", async () => {
    const { start, end } = period(DAYS);
    const folder = mkdtempSync(join(tmpdir(), "bellwether-alert-review-"));
    try {
      const { code, out, error } = await runHere(
        [
          "alert-review",
          ...["--prometheus", prometheus.url, "--since", `${end - start}s`],
          ...["--until", new Date(end * 1000).toISOString(), "--out", join(folder, "out")],
        ],
        { place: "repository" },
      );
      expect({ code, error }).toEqual({ code: 0, error: "" });
      expect(out).toContain("Alerts in prod from ");
      const read = (name: string) => readFileSync(join(folder, "out", name), "utf8");
      const json = alertReviewSchema.parse(JSON.parse(read("alert-review.json")));
      expect(numbersIn(json)).toEqual(numbersOf(all));
      expect(read("alert-review.md")).toBe(alertReviewMarkdown(json));
      expect(read("alert-review.html")).toBe(alertReviewHtml(json));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("does not look into the future", async () => {
    const run = (...line: readonly string[]) => runHere(["alert-review", ...line], { place: "repository" });
    const ahead = new Date(Date.now() + 86_400_000).toISOString();
    const future = await run("--prometheus", prometheus.url, "--until", ahead);
    expect(future.code).toBe(2);
    expect(future.error).toMatch(/--until\n.*\n {4}allowed {2}a moment that has passed/);
  });

  it("says in one message that the server does not answer", async () => {
    const { code, out, error } = await runHere(["alert-review", "--prometheus", "http://127.0.0.1:1"], {
      place: "repository",
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(
      /^alert-review: 1 problem\n {2}--prometheus\n {4}found {4}http:\/\/127\.0\.0\.1:1\/: /,
    );
  });
});
