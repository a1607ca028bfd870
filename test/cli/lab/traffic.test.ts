import { describe, expect, it } from "vitest";
import { FAULTS } from "../../../cli/lab/faults.ts";
import { Traffic } from "../../../cli/lab/traffic.ts";
import { defineService } from "../../../components/service/model.ts";

const service = defineService({
  name: "checkout",
  owner: "shop",
  tier: "standard",
  description: "Takes orders of customers",
  namespace: "shop",
  http: { port: "http", metrics: "fastapi-instrumentator" },
  objectives: { availability: { percent: "99.5" }, latency: { percent: "95", threshold: "500ms" } },
});

/** The growth of each series in ten seconds of a fault, by its text. */
function growth(id: string | undefined, faster = 1): Map<string, number> {
  const traffic = new Traffic(service, "prod", faster, 0);
  traffic.switch(
    FAULTS.find((fault) => fault.id === id),
    0,
  );
  const text = traffic.exposition(10_000) ?? "";
  return new Map(
    text
      .trim()
      .split("\n")
      .map((line) => {
        const at = line.lastIndexOf(" ");
        return [line.slice(0, at), Number(line.slice(at + 1))] as const;
      }),
  );
}
const sumOf = (counted: Map<string, number>, part: RegExp) =>
  [...counted].filter(([series]) => part.test(series)).reduce((sum, [, value]) => sum + value, 0);

describe("the traffic of a simulated service", () => {
  it("is good without a fault, and as much more as time is faster", () => {
    expect(sumOf(growth(undefined), /http_requests_total\{.*2xx/)).toBe(500);
    expect(sumOf(growth(undefined), /http_requests_total\{.*5xx/)).toBe(0);
    expect(sumOf(growth(undefined, 30), /http_requests_total\{.*2xx/)).toBe(15_000);
  });

  it("fails altogether in an outage, and is slow", () => {
    const outage = growth("outage");
    expect(sumOf(outage, /http_requests_total\{.*5xx/)).toBe(500);
    expect(sumOf(outage, /http_requests_total\{.*2xx/)).toBe(0);
    expect(sumOf(outage, /_bucket\{.*le="0.5"/)).toBe(0);
    expect(sumOf(outage, /_bucket\{.*le="\+Inf"|_count/)).toBeGreaterThanOrEqual(500);
  });

  it("fails three times as often as allowed in a slow leak", () => {
    const leak = growth("errors");
    expect(sumOf(leak, /http_requests_total\{.*5xx/) / 500).toBeCloseTo(3 * 0.005, 2);
  });

  it("is not there without metrics, and counts on meanwhile", () => {
    const traffic = new Traffic(service, "prod", 1, 0);
    traffic.switch(
      FAULTS.find(({ id }) => id === "silence"),
      0,
    );
    expect(traffic.exposition(5_000)).toBeUndefined();
    traffic.switch(undefined, 5_000);
    expect(traffic.exposition(10_000)).toContain(" 500\n");
  });
});
