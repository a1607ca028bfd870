import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import type { AlertOverride } from "../../../components/alerts/model.ts";
import { checkRules, proved, ruleFilesOf } from "./promtool.ts";
import { productionArgs } from "./samples.ts";

// The Prometheus that is deployed runs each case. Slow machines need their time.
const SLOW = { timeout: 600_000 };

const TUNABLE = CATALOGUE.filter(({ fixed }) => !fixed);

function overrides(of: (alert: (typeof CATALOGUE)[number]) => AlertOverride) {
  return Object.fromEntries(TUNABLE.map((alert) => [alert.name, of(alert)]));
}

const LOWEST = overrides(({ threshold }) => ({
  ...(threshold ? { threshold: threshold.min } : {}),
  for: "0s",
}));
const HIGHEST = overrides(({ threshold, longestFor }) => ({
  ...(threshold ? { threshold: threshold.max } : {}),
  for: longestFor ?? "40m",
  severity: "info",
}));

describe("the catalogue", SLOW, () => {
  it.for(["30s", "2m"] as const)(
    "passes promtool's linter with a scrape interval of %s",
    async (scrapeInterval) => {
      const { code, stdout, stderr } = await checkRules(ruleFilesOf(productionArgs({}, { scrapeInterval })));
      expect(code, stdout + stderr).toBe(0);
    },
  );

  it.for(["30s", "1m", "2m"] as const)(
    "proves itself with a scrape interval of %s",
    async (scrapeInterval) => {
      const { code, stdout, stderr } = await proved(productionArgs({}, { scrapeInterval }));
      expect(code, stdout + stderr).toBe(0);
    },
  );

  it.for(["30s", "2m"] as const)(
    "proves itself with every limit at its lowest, nothing held and a scrape interval of %s",
    async (scrapeInterval) => {
      const { code, stdout, stderr } = await proved(productionArgs(LOWEST, { scrapeInterval }));
      expect(code, stdout + stderr).toBe(0);
    },
  );

  it("proves itself with every limit at its highest and every condition held for long", async () => {
    const { code, stdout, stderr } = await proved(productionArgs(HIGHEST, { scrapeInterval: "1m" }));
    expect(code, stdout + stderr).toBe(0);
  });

  it("proves itself without Grafana", async () => {
    const { code, stdout, stderr } = await proved(
      productionArgs({}, { grafana: undefined, cluster: { distribution: "generic" }, scrapeInterval: "2m" }),
    );
    expect(code, stdout + stderr).toBe(0);
  });
});
