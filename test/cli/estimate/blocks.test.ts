import { describe, expect, it } from "vitest";
import { capacityOf, type DeployedResource } from "../../../cli/estimate/capacity.ts";
import { estimateOf } from "../../../cli/estimate/estimate.ts";
import { pricesIn } from "../../../cli/estimate/prices.ts";

const LIST = pricesIn(
  "prices: [{ region: eu-west-1, item: S3 storage, unit: GB-month, amount: 0.02, date: 2026-01-01, source: 'https://example.com' }]",
);
const LOAD = { scrapeInterval: "30s", recordedSeries: 100, activeSeries: 500_000 } as const;

const resource = (type: string, name: string, inputs: DeployedResource["inputs"] = {}): DeployedResource => ({
  type,
  name,
  inputs,
});
const AWS = resource("pulumi:providers:aws", "aws", { region: "eu-west-1" });
const BUCKET = resource("aws:s3/bucket:Bucket", "sample-bucket");
const args = [
  "compact",
  "--retention.resolution-raw=90d",
  "--retention.resolution-5m=400d",
  "--retention.resolution-1h=400d",
];
const COMPACTOR = resource("kubernetes:apps/v1:StatefulSet", "thanos-compactor", {
  spec: { template: { spec: { containers: [{ args }] } } },
});
const server = (spec = {}) =>
  resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "monitoring", {
    spec: { replicas: 2, ...spec },
  });
const capacity = (...resources: readonly DeployedResource[]) => capacityOf([AWS, ...resources]);

describe("an estimate with Thanos", () => {
  it("counts what the bucket of the program holds in the end, of each replica and shard", () => {
    const found = estimateOf(capacity(server(), COMPACTOR, BUCKET), LOAD, LIST);
    expect(found?.lines.map(({ label, how }) => `${label}: ${how}`)).toEqual([
      "blocks of Thanos in S3: 1,645 GiB (500,000 series from 2 servers, 90 days of samples, 400 of five minutes, 400 of an hour) at $0.02 a GB and month",
    ]);
    // 90 × 2,880 samples, 400 × 288 × 5 and 400 × 24 × 5 values are 883,200; of a million series at 2 bytes.
    expect(found?.monthly).toBeCloseTo(((883_200 * 1e6 * 2) / 2 ** 30) * 0.02, 6);
    expect(found?.byUse).toEqual(["requests to S3"]);
    const sharded = estimateOf(capacity(server({ shards: 3 }), COMPACTOR, BUCKET), LOAD, LIST);
    expect(sharded?.monthly).toBeCloseTo(3 * (found?.monthly ?? 0), 6);
  });

  it("has no bucket that is not the program's", () => {
    expect(estimateOf(capacity(server(), COMPACTOR), LOAD, LIST)?.lines).toEqual([]);
  });

  it("says what is not in it if the number of series is not stated", () => {
    const unstated = { ...LOAD, activeSeries: undefined };
    const found = estimateOf(capacity(server(), COMPACTOR, BUCKET), unstated, LIST);
    expect(found?.unpriced).toEqual([
      "prometheus.activeSeries is not stated: what Thanos keeps in the bucket is not in the estimate",
    ]);
    expect(found?.lines.map(({ monthly }) => monthly)).toEqual([undefined]);
  });
});
