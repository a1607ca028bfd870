import { describe, expect, it } from "vitest";
import { ALERTS } from "../../../components/slo/conventions.ts";
import { promisesOf } from "../../../components/slo/promises.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { pageAfterRestart } from "./restarting.ts";
import { LINKS, SLO } from "./samples.ts";

const SCRAPE = 3;
/** An objective that is paged for within seconds, so that the test is no longer than it has to be. */
const STRICT = { ...SLO, objective: "99.99" };
const [outage] = promisesOf(STRICT, `${SCRAPE}s`).detection;
const promised = outage?.fastBurn?.atTheLatest.seconds ?? 0;

describe("a full outage that begins as Prometheus comes back from being killed", () => {
  it.concurrent.each([
    ["two scrapes", 2 * SCRAPE],
    ["six scrapes", 6 * SCRAPE],
  ])(
    "pages one scrape later than promised at most, after a gap of %s",
    { timeout: 300_000 },
    async (_, gap) => {
      const after = await pageAfterRestart({
        group: ruleGroup(STRICT, `${SCRAPE}s`, LINKS),
        alert: ALERTS.fastBurn,
        gap,
        patience: 60,
      });
      expect(after).toBeGreaterThan(0);
      expect(after).toBeLessThanOrEqual(promised + SCRAPE);
    },
  );
});
