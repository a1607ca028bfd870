import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ruleFilesOf, testRules } from "./promtool.ts";
import { productionArgs } from "./samples.ts";

// Slow machines need their time.
const SLOW = { timeout: 300_000 };

const PAGE = readFileSync(new URL("../../../docs/alerts.md", import.meta.url), "utf8");

/** The rows of the page's table of lead times: growth in percent per hour, and minutes before the disk is full. */
const LEADS = [...PAGE.matchAll(/^\| (\d+)% (?:of its size )?per hour \| (.+?) \| (.+?) \|$/gm)].map(
  ([, growth, ticket = "", page = ""]) => ({
    growth: Number(growth),
    NodeFilesystemSpaceFillingUp: minutes(ticket),
    NodeFilesystemSpaceFillingUpFast: minutes(page),
  }),
);

function minutes(text: string): number | undefined {
  const [, amount, unit] = /^([\d.]+) (h|min) before$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === "h" ? 60 : 1);
}

const SIZE = 100e9;
const LABELS =
  'job="node-exporter", instance="n", namespace="monitoring-node", node="n", device="/dev/nvme1n1p1", fstype="xfs", mountpoint="/"';

/** A disk of which 10% is in use and which grows evenly until it is full, and then stays full. */
function growing(percentPerHour: number) {
  const perMinute = (SIZE * percentPerHour) / 100 / 60;
  const full = (90 / percentPerHour) * 60;
  return {
    full,
    input_series: [
      { series: `node_filesystem_avail_bytes{${LABELS}}`, values: `${SIZE * 0.9}-${perMinute}x${full} 0x60` },
      { series: `node_filesystem_size_bytes{${LABELS}}`, values: `${SIZE}x${full + 60}` },
      { series: `node_filesystem_readonly{${LABELS}}`, values: `0x${full + 60}` },
    ],
  };
}

describe("a disk that fills up evenly", SLOW, () => {
  it("is documented at several speeds", () => {
    expect(LEADS.map(({ growth }) => growth)).toEqual([1, 3, 5, 10, 20]);
  });

  it.for(LEADS)("is reported as early as documented at $growth% per hour", async ({ growth, ...leads }) => {
    const { full, input_series } = growing(growth);
    const firing = (alertname: string) => `count(ALERTS{alertname="${alertname}", alertstate="firing"})`;
    const fires = [{ labels: "{}", value: 1 }];
    const promql_expr_test = Object.entries(leads).flatMap(([alertname, lead]) =>
      lead === undefined
        ? [{ expr: firing(alertname), eval_time: `${full}m`, exp_samples: [] }]
        : [
            { expr: firing(alertname), eval_time: `${full - lead - 3}m`, exp_samples: [] },
            { expr: firing(alertname), eval_time: `${full - lead + 3}m`, exp_samples: fires },
          ],
    );
    const { code, stdout, stderr } = await testRules(
      ruleFilesOf(productionArgs({}, { scrapeInterval: "1m" })),
      {
        growing: {
          rule_files: ["../rules/platform-nodes.yaml"],
          evaluation_interval: "1m",
          tests: [{ interval: "1m", input_series, promql_expr_test }],
        },
      } as unknown as Parameters<typeof testRules>[1],
    );
    expect(code, stdout + stderr).toBe(0);
  });
});
