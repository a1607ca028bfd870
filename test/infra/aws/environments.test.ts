import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { AwsCheck } from "./check.ts";
import { inWords } from "./fault.ts";
import { type GraphResource, graphOf } from "./graph.ts";
import { VARIANTS } from "./variants.ts";

let check: AwsCheck;

beforeAll(async () => {
  check = await AwsCheck.load();
});

async function faultsOf(graph: readonly GraphResource[]): Promise<readonly string[]> {
  return (await check.faults(graph)).map(inWords);
}

const OTHER_STACKS = fileURLToPath(new URL("../../e2e/stacks", import.meta.url));

describe("what AWS is asked for", () => {
  it.each(["dev", "staging", "prod"])("is nothing that it refuses, in %s", async (stack) => {
    expect(await faultsOf(await graphOf(stack))).toEqual([]);
  });

  it("is nothing that it refuses, with a workspace of Amazon Managed Grafana and Identity Center", async () => {
    expect(await faultsOf(await graphOf("workspace", {}, OTHER_STACKS))).toEqual([]);
  });

  it.each(Object.entries(VARIANTS))(
    "is nothing that it refuses, of production with %s",
    async (_, changes) => {
      expect(await faultsOf(await graphOf("prod", changes))).toEqual([]);
    },
  );
});
