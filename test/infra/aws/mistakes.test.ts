import { beforeAll, describe, expect, it } from "vitest";
import { AwsCheck } from "./check.ts";
import { DOCUMENT_MISTAKES } from "./document-mistakes.ts";
import { inWords } from "./fault.ts";
import { type GraphResource, graphOf } from "./graph.ts";
import { RESOURCE_MISTAKES } from "./resource-mistakes.ts";

// Mistakes that AWS would refuse in the first `up`, or take without effect, put into production's own resources one at a time.

let check: AwsCheck;
let production: readonly GraphResource[];

beforeAll(async () => {
  check = await AwsCheck.load();
  production = await graphOf("prod");
});

const MISTAKES = { ...RESOURCE_MISTAKES, ...DOCUMENT_MISTAKES };

describe("a mistake in what AWS is asked for", () => {
  it.each(Object.entries(MISTAKES))("is found: %s", async (_, { type, name, make, says }) => {
    const resources = structuredClone(production) as GraphResource[];
    const resource = resources.find((candidate) => candidate.type === type && candidate.name === name);
    make(resource?.inputs);
    const faults = (await check.faults(resources)).map(inWords);
    expect(
      faults.some((fault) => says.test(fault)),
      faults.join("\n"),
    ).toBe(true);
  });

  it("is one of at least twenty kinds, and without it there is nothing to find", async () => {
    expect(Object.keys(MISTAKES).length).toBeGreaterThanOrEqual(20);
    expect(await check.faults(production)).toEqual([]);
  });

  it("is also a resource that no call is known of", async () => {
    const [any] = production.filter(({ type }) => type === "aws:eks/cluster:Cluster");
    const unknown = { ...(any as GraphResource), type: "aws:rds/instance:Instance" };
    await expect(check.faults([unknown])).rejects.toThrow("nothing in calls.ts says");
  });
});
