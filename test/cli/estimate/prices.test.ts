import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prices, pricesIn } from "../../../cli/estimate/prices.ts";

const DAY = 24 * 3600 * 1000;
const OLDEST_DAYS = 365;

describe("the price list", () => {
  // It fails a year after the oldest price was read: read the prices again then.
  it("has no price that was read more than a year ago", () => {
    const old = prices().all.filter(({ date }) => Date.now() - Date.parse(date) > OLDEST_DAYS * DAY);
    expect(old.map(({ region, item, date }) => `${region} ${item} of ${date}`)).toEqual([]);
  });

  it("has a price for everything that an environment of this repository has in its region", () => {
    const tiers = readFileSync("stacks/tiers.ts", "utf8");
    const types = [...tiers.matchAll(/instanceTypes: \["([^"]+)"\]/g)].map(
      ([, type]) => `instance ${type}` as const,
    );
    expect(types.length).toBeGreaterThanOrEqual(3);
    for (const item of [
      ...types,
      "EKS cluster",
      "gp3 volume",
      "NAT gateway",
      "NAT gateway traffic",
      "public IPv4 address",
      "interface endpoint",
      "KMS key",
      "load balancer",
      "logs ingested",
      "logs stored",
      "samples ingested",
      "samples stored",
      "samples queried",
      "S3 storage",
    ] as const)
      expect(prices().of("eu-central-1", item), item).toBeDefined();
  });

  it("has no price of another region in place of one that is missing", () => {
    expect(prices().of("us-east-1", "instance m7g.xlarge")?.amount).toBe(0.1632);
    expect(prices().of("eu-central-1", "instance m7g.xlarge")).toBeUndefined();
    expect(prices().tiers("ap-south-1", "samples ingested")).toEqual([]);
  });
});

const PRICE =
  "{ region: eu-west-1, item: NAT gateway, unit: hour, amount: 1, date: 2026-01-01, source: 'https://example.com' }";

describe("a list with mistakes", () => {
  it.each([
    ["an amount that is not more than 0", PRICE.replace("amount: 1", "amount: 0"), "prices[0].amount"],
    ["a day that does not exist", PRICE.replace("01-01", "02-30"), "prices[0].date"],
    ["a source that is no https URL", PRICE.replace("https:", "http:"), "prices[0].source"],
    ["a unit that is not known", PRICE.replace("hour", "day"), "prices[0].unit"],
    ["a region that is none", PRICE.replace("eu-west-1", "Ireland"), "prices[0].region"],
    ["an item that is not known", PRICE.replace("NAT gateway", "NAT"), "prices[0].item"],
    ["an unknown field", PRICE.replace("amount: 1", "amount: 1, currency: EUR"), "prices[0].currency"],
    ["two prices of one item", `${PRICE}\n  - ${PRICE}`, "prices[1]"],
  ])("is refused for %s, with the path", (_, price, path) => {
    expect(() => pricesIn(`prices:\n  - ${price}\n`)).toThrow(`  ${path}\n`);
  });

  it("names all of them at once", () => {
    const both = PRICE.replace("hour", "day").replace("amount: 1", "amount: 0");
    expect(() => pricesIn(`prices:\n  - ${both}\n`)).toThrow(/2 problems.*unit.*amount/s);
  });

  it("is refused if it is no YAML", () => {
    expect(() => pricesIn("prices: [")).toThrow(/prices\.yaml: 1 problem/);
  });
});
