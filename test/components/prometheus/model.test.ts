import { describe, expect, it } from "vitest";
import { prometheusProblems, resolveMonitoring } from "../../../components/prometheus/model.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "./samples.ts";

const PATH = "environment.prometheus";
const problems = (changes: Partial<typeof PRODUCTION_SETTINGS>, zones = 3) =>
  prometheusProblems({ ...PRODUCTION_SETTINGS, ...changes }, PATH, zones);

describe("the rules between Prometheus' fields", () => {
  it("find nothing wrong with what fits", () => {
    expect(problems({})).toEqual([]);
  });

  it("refuse a retention that does not fit the volume, and compute the volume and the retention that would", () => {
    const [problem, ...others] = problems({ retention: "90d" });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      path: "environment.prometheus.retention",
      found: expect.stringContaining("90d of 500000 series every 30s"),
    });
    const volume = /raise environment\.prometheus\.volume to (\d+Gi)/.exec(problem?.fix ?? "")?.[1];
    const retention = /lower the retention to (\w+)/.exec(problem?.fix ?? "")?.[1];
    expect(problems({ retention: "90d", volume: volume as "1Gi" })).toEqual([]);
    expect(problems({ retention: retention as "1d" })).toEqual([]);
    expect(problem?.allowed).toContain(`at most ${retention}`);
  });

  it("offer no shorter retention where not even the shortest fits", () => {
    const [problem] = problems({ volume: "1Gi" });
    expect(problem?.allowed).toContain("no retention at all");
    expect(problem?.fix).toMatch(/^raise environment\.prometheus\.volume to \d+Gi$/);
  });

  it("let a faster scrape need a bigger volume", () => {
    expect(problems({ scrapeInterval: "10s" }).map(({ path }) => path)).toEqual([
      "environment.prometheus.retention",
    ]);
    expect(problems({ scrapeInterval: "10s", volume: "600Gi" })).toEqual([]);
  });

  it("refuse memory that is too small for the series, and compute what is enough", () => {
    const [problem] = problems({ activeSeries: 1_500_000, volume: "1Ti" });
    expect(problem?.path).toBe("environment.prometheus.resources.memory");
    const memory = /raise it to (\d+Gi)/.exec(problem?.fix ?? "")?.[1];
    const most = Number(/activeSeries to (\d+)/.exec(problem?.fix ?? "")?.[1]);
    const resources = { cpu: "1", memory: memory as "1Gi" } as const;
    expect(problems({ activeSeries: 1_500_000, volume: "1Ti", resources })).toEqual([]);
    expect(problems({ activeSeries: most, volume: "1Ti" })).toEqual([]);
  });

  it("refuse more replicas than zones", () => {
    expect(problems({ replicas: 3 }, 3)).toEqual([]);
    const [problem] = problems({ replicas: 2 }, 1);
    expect(problem).toMatchObject({
      path: "environment.prometheus.replicas",
      found: "2 replicas in 1 zone",
      fix: "lower the replicas to 1, or spread the nodes over 2 zones",
    });
    expect(problem?.allowed).toMatch(/^1 to 1:/);
  });

  it("refuse an ingress that is open to everybody", () => {
    expect(problems({ ingress: { kind: "blocks", blocks: ["10.40.128.0/24"] } })).toEqual([]);
    expect(problems({ ingress: { kind: "namespace", namespace: "ingress" } })).toEqual([]);
    const [problem] = problems({ ingress: { kind: "blocks", blocks: ["10.40.128.0/24", "0.0.0.0/0"] } });
    expect(problem?.path).toBe("environment.prometheus.ingress.blocks[1]");
  });

  it("are all told at once", () => {
    const paths = problems({ retention: "400d", activeSeries: 5_000_000, replicas: 4 }, 2).map(
      ({ path }) => path,
    );
    expect(paths).toEqual([
      "environment.prometheus.retention",
      "environment.prometheus.resources.memory",
      "environment.prometheus.replicas",
    ]);
  });
});

describe("resolveMonitoring", () => {
  it("derives retentionSize from the volume and the sample limit from the series", () => {
    expect(resolved(PRODUCTION)).toMatchObject({
      retentionSize: "163840MiB",
      sampleLimit: 250_000,
    });
  });

  it("leaves a small server room for its largest target", () => {
    const settings = { ...PRODUCTION_SETTINGS, activeSeries: 10_000 };
    expect(resolved({ ...PRODUCTION, settings }).sampleLimit).toBe(50_000);
  });

  it("returns every problem of shape with its path", () => {
    const settings = { ...PRODUCTION_SETTINGS, replicas: 9, retention: "forever" } as never;
    const result = resolveMonitoring({ ...PRODUCTION, settings });
    expect(!result.ok && result.problems.map(({ path }) => path).sort()).toEqual([
      "prometheus.replicas",
      "prometheus.retention",
    ]);
  });
});
