import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrometheusWithHistory } from "../../support/prometheus.ts";
import { RenamedHistory } from "./renamed-history.ts";

// Nine days with a rename after one and a half, and a period of seven days: `npm run test:operate:long` has 46 days and a period of thirty.

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const EXACT = 1e-9;
/** Of the day and a half before the rename, at twice the mean of the requests. */
const HALF_AN_HOUR = 2 * (0.5 / 36);

describe("the budget of a service that is renamed, on a real Prometheus", () => {
  const history = new RenamedHistory({
    period: "7d",
    days: 9,
    renamedAfter: 1.5,
    end: Date.UTC(2026, 9, 10) / 1000,
    knowsFormer: true,
  });
  let prometheus: PrometheusWithHistory;
  beforeAll(async () => {
    prometheus = await history.run();
  }, 300_000);
  afterAll(() => prometheus?.stop());

  const spent = (after: number) => history.spent(prometheus, history.renamed + after);

  it.each([
    ["a day before", -DAY],
    ["in the last minutes of the old name", -10 * MINUTE],
    ["half an hour after", 32 * MINUTE],
    ["an hour after", HOUR],
    ["a day after", DAY],
    ["when the period lies on both sides", 5.5 * DAY],
    ["when the period begins in the middle of the rename", 7 * DAY + 4 * MINUTE],
    ["when the old name lies before the period", 7.4 * DAY],
  ])("is what the scraped requests add up to: %s", async (_, after) => {
    const { ratio, budget } = await spent(after);
    expect(ratio.counted).toBeGreaterThan(0);
    expect(Math.abs(ratio.recorded / ratio.counted - 1)).toBeLessThan(EXACT);
    // The known part of a period is looked for at each full hour.
    const known = 1.5 * DAY + after;
    const least = known < 7 * DAY ? (HOUR + 2 * MINUTE) / known : EXACT;
    expect(Math.abs(budget.recorded / budget.counted - 1)).toBeLessThan(least);
  });

  it("counts at most half an hour twice while both names have records", async () => {
    for (const minute of [2, 4, 6, 8, 10, 20, 28]) {
      const { ratio } = await spent(minute * MINUTE);
      expect(Math.abs(ratio.recorded / ratio.counted - 1)).toBeLessThan(HALF_AN_HOUR);
    }
  });

  it("misses only requests of the minutes in which nothing scraped the service", async () => {
    const { budget } = await spent(7.4 * DAY);
    expect(budget.recorded).toBeCloseTo(budget.happened, 9);
    const during = (await spent(DAY)).budget;
    expect(during.counted).toBeLessThan(during.happened);
    expect(during.counted).toBeGreaterThan(0.9 * during.happened);
  });
});
