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

  it("fails a third of its requests after a bad deployment", () => {
    expect(sumOf(growth("deployment"), /http_requests_total\{.*5xx/)).toBe(167);
  });

  it("answers everything, and late, while a dependency is slow", () => {
    const slow = growth("slow");
    expect(sumOf(slow, /http_requests_total\{.*2xx/)).toBe(500);
    expect(sumOf(slow, /http_requests_total\{.*5xx/)).toBe(0);
    expect(sumOf(slow, /_bucket\{.*le="0.5"/)).toBe(0);
  });

  it("fails a third of its requests for the 50 seconds until a lost zone is noticed", () => {
    const traffic = new Traffic(service, "prod", 1, 0);
    traffic.loseZone(true, 10_000);
    const failed = (seconds: number) =>
      Number(/http_requests_total\{.*5xx.*\} (\d+)/.exec(traffic.exposition(seconds * 1000) ?? "")?.[1]);
    expect(failed(10)).toBe(0);
    expect(failed(40)).toBe(500);
    expect(failed(300)).toBe(833);
    traffic.loseZone(false, 300_000);
    expect(failed(400)).toBe(833);
  });

  it("has spent what was bad of the budget of 30 days", () => {
    const traffic = new Traffic(service, "prod", 60, 0);
    traffic.switch(
      FAULTS.find(({ id }) => id === "outage"),
      0,
    );
    // An hour of production's time of 720 hours, of which 0.5% and 5% may be bad.
    const spent = traffic.spent(60_000);
    expect(spent.get("availability")).toBeCloseTo(1 / 720 / 0.005, 6);
    expect(spent.get("latency")).toBeCloseTo(1 / 720 / 0.05, 6);
  });

  describe("with native histograms", () => {
    const pricing = defineService({
      name: "pricing",
      owner: "shop",
      tier: "critical",
      description: "Returns prices",
      namespace: "shop",
      grpc: { port: "metrics", metrics: "otel", histogram: "native" },
      objectives: { availability: "99.95", latency: { threshold: "50ms" } },
    });
    /** Requests by status, each those within 50 ms and all. */
    const requests = (id: string | undefined) => {
      const traffic = new Traffic(pricing, "prod", 1, 0);
      traffic.switch(
        FAULTS.find((fault) => fault.id === id),
        0,
      );
      const text = traffic.exposition(10_000) ?? "";
      const of = (status: string, suffix: string) =>
        Number(
          text
            .split("\n")
            .find((line) => line.includes(`_code="${status}"`) && line.includes(suffix))
            ?.split(" ")[1],
        );
      return ["OK", "INTERNAL"].map((status) => [of(status, 'le="0.05"'), of(status, "_count{")]);
    };

    it("simulates the objectives of both statuses and durations, with a bucket that ends at the threshold", () => {
      expect(new Traffic(pricing, "prod", 1, 0).left).toEqual({});
      expect(requests(undefined)).toEqual([
        [500, 500],
        [0, 0],
      ]);
    });

    it("answers late while a dependency is slow, and with errors in an outage", () => {
      expect(requests("slow")).toEqual([
        [0, 500],
        [0, 0],
      ]);
      expect(requests("outage")[1]?.[1]).toBe(500);
      expect(requests("errors")[1]?.[1]).toBe(1);
    });
  });
});
